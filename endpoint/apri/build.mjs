// Writes apri-reclami.html: one file with its style, its script, the licences of what is in it and
// a policy that allows these two only. Equal sources give equal bytes.
//   node build.mjs --packages FOLDER [--output FILE]     (FOLDER holds node_modules)
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    packages: { type: "string" },
    output: { type: "string", default: join(here, "apri-reclami.html") },
  },
});
const modules = join(resolve(values.packages), "node_modules");
const esbuild = createRequire(join(modules, "x"))("esbuild");

// --- The script: what it is made of tells which licences go with it --------------------------

const built = await esbuild.build({
  entryPoints: [join(here, "src", "main.js")],
  absWorkingDir: here,
  bundle: true,
  format: "iife",
  target: ["es2022"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  nodePaths: [modules],
  metafile: true,
  write: false,
});
const script = `\n${built.outputFiles[0].text.replaceAll("</script", "<\\/script")}`;

const style = esbuild.transformSync(read("stile.css"), { loader: "css", charset: "utf8" }).code;

const parts = Object.keys(built.metafile.inputs)
  .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1])
  .filter(Boolean);
const notices = [...new Set(parts)].sort().map(notice).join("\n\n\n");

function notice(name) {
  const { version, license } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  const text = readFileSync(join(modules, name, "LICENSE"), "utf8").replaceAll("\r\n", "\n");
  return `${name} ${version} (${license})\n\n${text.trim()}`;
}

// --- The page ----------------------------------------------------------------------------------

const policy = [
  "default-src 'none'", `script-src '${hash(script)}'`, `style-src '${hash(style)}'`,
  "form-action 'none'", "base-uri 'none'",
].join("; ");
const filled = { policy, style, script, notices: escape(notices) };
// A function, because in a string «$&» would mean something.
const page = read("pagina.html").replace(/\{\{(\w+)\}\}/g, (_, name) => filled[name]);
writeFileSync(values.output, page);
console.log(`${createHash("sha256").update(page).digest("hex")}  ${values.output}`);

function read(name) {
  return readFileSync(join(here, name), "utf8");
}

function hash(text) {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
