// What the policy editor takes from CodeMirror. Built by build.mjs into ../codemirror.bundle.js.
export { EditorView, keymap, lineNumbers, highlightActiveLine, drawSelection } from "@codemirror/view";
export { EditorState } from "@codemirror/state";
export { history, historyKeymap, defaultKeymap } from "@codemirror/commands";
export { json, jsonParseLinter } from "@codemirror/lang-json";
export { HighlightStyle, syntaxHighlighting, bracketMatching, indentOnInput } from "@codemirror/language";
export { linter, lintGutter, setDiagnostics } from "@codemirror/lint";
export { tags } from "@lezer/highlight";
