// Bundles CodeMirror for static/vendor: npm ci --ignore-scripts && node build.mjs. Run by hand; the build never needs it.
import { build } from "esbuild";

await build({
  entryPoints: ["entry.js"], bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none",
  outfile: "../codemirror.bundle.js",
});
