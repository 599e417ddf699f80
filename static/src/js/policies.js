// The policy explainer. Every part of it works without this file: it asks again when a word of the question changes, keeps
// the address in step, and puts an editor over a document's field when the field is entered.

const form = document.getElementById("ask");
const page = document.getElementById("policies");
const longest = 6 * 1024; // of an address; what is longer is posted, which the server does as well

// fields are the form's, without those that are empty.
function fields(submitter) {
  const all = new FormData(form, submitter);
  const out = new URLSearchParams();
  for (const [name, value] of all) if (value !== "") out.append(name, value);
  return out;
}

const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((e) => [e.id, e]));

// show replaces what was answered and leaves the fields alone. It says whether that was possible.
function show(html) {
  const doc = new DOMParser().parseFromString(html, "text/html");
  const next = doc.getElementById("policies");
  if (!next || next.dataset.main !== page.dataset.main) return false;
  const now = parts(page), then = parts(next);
  if (now.size !== then.size || [...now.keys()].some((id) => !then.has(id))) return false;
  for (const [id, part] of then) {
    const old = now.get(id);
    if (old.outerHTML === part.outerHTML) continue;
    const said = old.querySelector("[role=status]"), say = part.querySelector("[role=status]");
    if (id === "part-answer" && said && say) { // the live region stays, so that its change is told; so do the buttons
      old.dataset.verdict = part.dataset.verdict;
      said.innerHTML = say.innerHTML;
      continue;
    }
    old.innerHTML = part.innerHTML;
    for (const { name, value } of part.attributes) old.setAttribute(name, value);
  }
  for (const old of page.querySelectorAll("details.pol__other")) {
    const fresh = next.querySelector(`#${old.id}`);
    old.toggleAttribute("data-decides", fresh?.hasAttribute("data-decides"));
    if (fresh?.open) old.open = true;
  }
  for (const old of form.querySelectorAll("[name]")) {
    const fresh = next.querySelector(`#ask [name="${old.name}"]`);
    if (fresh?.hasAttribute("aria-invalid")) old.setAttribute("aria-invalid", "true");
    else old.removeAttribute("aria-invalid");
  }
  return true;
}

let asking; // the latest question: an answer that comes after it is dropped

async function ask(submitter) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const query = fields(submitter);
  const address = `${form.getAttribute("action")}?${query}`;
  const short = address.length <= longest;
  const bar = document.getElementById("part-answer");
  bar.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(short ? address : form.getAttribute("action"), short ? { signal: mine.signal } : { method: "POST", body: query, signal: mine.signal });
    const html = await answer.text();
    if (mine.signal.aborted) return;
    if (!show(html)) { // another document is the main one now, or it is an error page
      if (short) location.assign(address);
      else leave(submitter);
      return;
    }
    history.replaceState(null, "", short ? address : form.getAttribute("action"));
  } catch (e) {
    if (e.name !== "AbortError") leave(submitter);
  } finally {
    if (asking === mine) bar.removeAttribute("aria-busy");
  }
}

let leaving = false;
function leave(submitter) {
  leaving = true;
  form.method = "post";
  form.requestSubmit(submitter);
}

const reloads = ["format", "fix"]; // these change the fields themselves: a page of its own

form.addEventListener("submit", (e) => {
  if (leaving) return;
  if (reloads.includes(e.submitter?.name)) {
    form.method = `${form.getAttribute("action")}?${fields(e.submitter)}`.length <= longest ? "get" : "post";
    return;
  }
  e.preventDefault();
  ask(e.submitter);
});

document.addEventListener("change", (e) => {
  if (e.target.form === form && e.target.name) ask();
});

// A slot is as wide as its text.
form.addEventListener("input", (e) => {
  if (e.target.matches("input.ask__slot")) e.target.size = Math.min(Math.max(e.target.value.length + 3, 10), 48);
});

document.getElementById("example")?.addEventListener("change", (e) => e.target.form.requestSubmit());

// The editor comes when a field is entered, and is the field's servant: the field stays what the form sends.
page.addEventListener("focusin", async (e) => {
  const field = e.target.closest?.("textarea[data-json]");
  if (!field || field.dataset.editor) return;
  field.dataset.editor = "coming";
  try {
    const { edit } = await import(page.dataset.editor);
    edit(field);
    field.dataset.editor = "there";
  } catch {
    field.dataset.editor = "never"; // the field itself works
  }
});
