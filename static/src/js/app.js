// Everything here is an addition: each page works without it.

// Tabs: roving focus, arrow keys, Home and End (ARIA authoring practices).
function selectTab(tab, focus = true) {
  for (const t of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    const on = t === tab;
    t.setAttribute("aria-selected", on);
    t.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(t.getAttribute("aria-controls"));
    if (panel) panel.hidden = !on;
  }
  if (focus) tab.focus();
}

document.addEventListener("click", (e) => {
  const tab = e.target.closest("[role=tab]");
  if (tab) {
    e.preventDefault();
    selectTab(tab);
  }
});

// A form that was sent keeps its button still until the answer is there.
document.addEventListener("submit", (e) => {
  const button = e.submitter;
  if (!button || e.target.hasAttribute("data-again")) return;
  setTimeout(() => {
    button.setAttribute("aria-busy", "true");
    if (button.classList.contains("btn")) button.disabled = true;
  });
});
// Coming back with the back button must find a form that can be used.
addEventListener("pageshow", () => {
  for (const b of document.querySelectorAll("button[aria-busy]")) {
    b.removeAttribute("aria-busy");
    b.disabled = false;
  }
});

const typing = (el) => el.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
let going = false; // "g" was pressed: the next letter names a page

document.addEventListener("keydown", (e) => {
  const tab = e.target.closest?.("[role=tab]");
  if (tab) {
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const at = tabs.indexOf(tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[e.key];
    if (to !== undefined) {
      e.preventDefault();
      selectTab(tabs[(to + tabs.length) % tabs.length]);
    }
    return;
  }
  if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey) return;

  if (going) {
    going = false;
    document.querySelector(`[data-go="${CSS.escape(e.key)}"]`)?.click();
    return;
  }
  if (e.key === "g" && document.querySelector("[data-go]")) {
    going = true;
    setTimeout(() => { going = false; }, 1500);
    return;
  }

  const form = document.querySelector("form[data-question]");
  if (form && /^[1-9]$/.test(e.key)) {
    const input = form.querySelectorAll(".options input")[Number(e.key) - 1];
    if (input) {
      e.preventDefault();
      input.click();
      input.focus();
    }
    return;
  }
  if (form && e.key === "Enter" && !e.target.closest("a, button, summary")) {
    e.preventDefault();
    form.requestSubmit(form.querySelector("[data-check]"));
    return;
  }
  if (e.key === "n") document.querySelector("[data-next]")?.click();
});
