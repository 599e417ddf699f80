// An editor over a document's field: CodeMirror in a shadow root, where its stylesheets are constructed ones and the
// strict content policy has nothing to object to. Loaded when a field is entered, never before.
import {
  EditorState, EditorView, HighlightStyle, bracketMatching, defaultKeymap, history, historyKeymap, indentOnInput, json, jsonParseLinter,
  keymap, lineNumbers, lintGutter, linter, syntaxHighlighting, tags,
} from "../../vendor/codemirror.bundle.js";

const look = EditorView.theme({
  "&": { fontSize: "0.8125rem", color: "var(--ink)", backgroundColor: "var(--surface)", maxHeight: "32rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": { fontFamily: "var(--mono)", lineHeight: "1.62", caretColor: "var(--ink)" },
  ".cm-scroller": { fontFamily: "var(--mono)", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-3)", border: "0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, ::selection": { backgroundColor: "var(--select)" },
  ".cm-matchingBracket": { backgroundColor: "var(--select)", outline: "1px solid var(--line-strong)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--deny)" }, // its own pictures are data: addresses
  ".cm-lint-marker": { width: "0.7em", height: "0.7em" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--deny)", borderRadius: "2px" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", borderLeftColor: "var(--deny)" },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: "var(--code-str)" },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: "var(--code-punct)" },
]);

// faults are what JSON itself refuses, and what the server said of the document as it was sent.
function faults(field, sent) {
  const syntax = jsonParseLinter();
  return (view) => {
    const text = view.state.doc.toString();
    if (text.trim() === "") return [];
    const found = syntax(view);
    const n = Number(field.dataset.faultLine);
    if (found.length === 0 && n >= 1 && n <= view.state.doc.lines && text === sent) {
      const line = view.state.doc.line(n);
      found.push({ from: line.from, to: line.to, severity: "error", message: field.dataset.faultSay });
    }
    return found;
  };
}

// replaced writes over a selection. Left to itself, Chromium keeps the look of what stood there in a style attribute, which
// the content policy refuses.
const replaced = EditorView.domEventHandlers({
  beforeinput(e, view) {
    if (e.inputType !== "insertText" || e.data === null || view.composing || view.state.selection.main.empty) return false;
    e.preventDefault();
    view.dispatch(view.state.replaceSelection(e.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

// edit puts an editor over a field. Tab is left to the page: it goes on to the next control.
export function edit(field) {
  const box = document.createElement("div");
  box.className = "pol__cm";
  const root = box.attachShadow({ mode: "open" });
  const parent = root.appendChild(document.createElement("div"));
  const asked = { value: field.value };
  const had = document.activeElement === field;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  field.after(box);
  const view = new EditorView({
    root, parent,
    state: EditorState.create({
      doc: field.value,
      selection: { anchor: Math.min(from, field.value.length), head: Math.min(to, field.value.length) },
      extensions: [
        lineNumbers(), history(), bracketMatching(), indentOnInput(), json(), syntaxHighlighting(colours), lintGutter(), linter(faults(field, field.value)), look,
        EditorView.lineWrapping, replaced, EditorState.tabSize.of(2), keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": field.getAttribute("aria-label"), spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((u) => {
          if (u.docChanged) field.value = u.state.doc.toString();
        }),
      ],
    }),
  });
  view.contentDOM.addEventListener("blur", () => {
    if (field.value === asked.value) return;
    asked.value = field.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.hidden = true;
  if (had) view.focus();
}
