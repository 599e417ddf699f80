// The lab workspace. Everything here is an addition: tabs, panes, forms and permalinks work without it.

const lab = document.querySelector("[data-lab]");
const field = lab.querySelector(".term__field");
const out = lab.querySelector(".term__out");
const narrow = matchMedia("(width < 48rem)");

for (const b of lab.querySelectorAll("[data-without-script]")) b.hidden = true;
if (out) out.scrollTop = out.scrollHeight;
const steps = lab.querySelector(".pane--steps");
const now = steps?.querySelector('.step[aria-current="step"]');
// The end of the step to do comes into view, but its title stays; scrollIntoView would move the page too.
if (now) steps.scrollTop = Math.max(0, Math.min(now.offsetTop - 16, now.offsetTop + now.offsetHeight - steps.clientHeight));
if (field?.autofocus && !narrow.matches) field.focus();

// A tab that was chosen is kept in the address, so that reload and the forms come back to it.
lab.addEventListener("click", (e) => {
  const tab = e.target.closest("a[role=tab]");
  if (!tab) return;
  const [name, value] = tab.dataset.query.split("=");
  const url = new URL(location.href);
  url.searchParams.set(name, value);
  url.searchParams.delete("said");
  history.replaceState(null, "", url);
  for (const input of lab.querySelectorAll(`input[type=hidden][name="${name}"]`)) input.value = value;
});

// One pane at a time on a small screen.
lab.querySelector(".paneswitch")?.addEventListener("click", (e) => {
  const button = e.target.closest("button[data-pane]");
  if (!button) return;
  e.preventDefault();
  lab.dataset.show = button.dataset.pane;
  for (const b of lab.querySelectorAll(".paneswitch button")) b.setAttribute("aria-pressed", b === button);
  if (!narrow.matches) lab.querySelector(`.pane--${button.dataset.pane}`)?.focus();
});

lab.addEventListener("change", (e) => {
  const form = e.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

// The line: Enter runs, Shift+Enter breaks it, the arrows walk through what was run before.
const before = [...lab.querySelectorAll(".term__cmd")].map((c) => c.textContent);
let at = before.length;
let typed = "";

function recall(to) {
  if (to < 0 || to > before.length) return;
  if (at === before.length) typed = field.value;
  at = to;
  field.value = at === before.length ? typed : before[at];
  field.setSelectionRange(field.value.length, field.value.length);
}

field?.addEventListener("keydown", (e) => {
  if (e.isComposing) return;
  const caret = field.selectionStart;
  if (e.key === "Enter" && !e.shiftKey && !field.value.endsWith("\\")) {
    e.preventDefault();
    if (field.value.trim()) {
      field.form.setAttribute("aria-busy", "true");
      field.form.requestSubmit();
    }
  } else if (e.key === "ArrowUp" && !field.value.slice(0, caret).includes("\n") && at > 0) {
    e.preventDefault();
    recall(at - 1);
  } else if (e.key === "ArrowDown" && !field.value.slice(caret).includes("\n") && at < before.length) {
    e.preventDefault();
    recall(at + 1);
  } else if (e.ctrlKey && e.key === "c" && field.selectionStart === field.selectionEnd) {
    e.preventDefault();
    field.value = "";
    at = before.length;
  } else if (e.ctrlKey && e.key === "l") {
    e.preventDefault();
    field.value = "clear";
    field.form.requestSubmit();
  }
});

const typing = (el) => el.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select");
document.addEventListener("keydown", (e) => {
  if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "[") lab.querySelector("[data-prev]")?.click();
  if (e.key === "]") lab.querySelector("[data-next-request]")?.click();
  if (e.key === "x") lab.querySelector('button[data-pane="xray"]')?.click();
});
