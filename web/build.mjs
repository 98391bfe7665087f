// Bundles the client into src/thespace/static/. The new tree is swapped in whole, so a running server never serves half a build.
import { build } from "esbuild";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync, watch } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const WEB = fileURLToPath(new URL(".", import.meta.url));
const STATIC = join(WEB, "../src/thespace/static");
const ENTRIES = ["src/boot.js", "styles/index.css", "src/main.js"];
const [BOOT, STYLES, MAIN] = ENTRIES;
const FIRST_LOAD_LIMIT_BYTES = 150 * 1024;
const PRELOADED_FONT = /inter-latin-wght-normal/;
const SWAGGER = join(WEB, "node_modules/swagger-ui-dist");

const shared = {
  absWorkingDir: WEB,
  outdir: STATIC,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  legalComments: "none",
  charset: "utf8",
  target: ["chrome123", "firefox128", "safari18"],
  entryNames: "assets/[name]-[hash]",
  chunkNames: "assets/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  publicPath: "/",
  loader: { ".svg": "file", ".woff2": "file" },
  logLevel: "warning",
};

async function bundle(development) {
  const sourcemap = development ? "linked" : false;
  const [application, boot] = await Promise.all([
    build({
      ...shared,
      sourcemap,
      format: "esm",
      splitting: true,
      entryPoints: [MAIN, STYLES],
    }),
    // Classic and blocking: what it sets has to be there at the first paint.
    build({ ...shared, sourcemap, format: "iife", entryPoints: [BOOT] }),
  ]);
  const files = new Map();
  for (const { path, contents } of [...application.outputFiles, ...boot.outputFiles]) {
    files.set(relative(STATIC, path), contents);
  }
  const outputs = new Map();
  const inputs = new Set();
  for (const { metafile } of [application, boot]) {
    for (const [path, output] of Object.entries(metafile.outputs)) {
      outputs.set(relative(STATIC, join(WEB, path)), output);
    }
    for (const path of Object.keys(metafile.inputs)) inputs.add(path);
  }
  return { files, outputs, inputs };
}

/** The hashed name of each entry by its source. Chunks that are imported later have an entry point too. */
function entries({ outputs }) {
  const named = [...outputs].map(([name, { entryPoint }]) => [entryPoint, name]);
  return new Map(named.filter(([source]) => ENTRIES.includes(source)));
}

/** What the browser must have before the first paint: the entries and everything they import statically. */
function firstLoad({ outputs }, names) {
  const seen = new Set(names);
  for (const name of seen) {
    for (const { path, kind } of outputs.get(name).imports) {
      if (kind === "import-statement") seen.add(relative(STATIC, join(WEB, path)));
    }
  }
  return [...seen];
}

async function page(bundled, loaded) {
  let html = await readFile(join(WEB, "index.html"), "utf8");
  for (const [source, name] of entries(bundled)) html = html.replace(`"${source}"`, `"/${name}"`);
  const chunks = loaded.filter((name) => name.endsWith(".js") && !html.includes(`"/${name}"`));
  const fonts = [...bundled.files.keys()].filter((name) => PRELOADED_FONT.test(name));
  const hints = [
    ...fonts.map((name) => `<link rel="preload" href="/${name}" as="font" type="font/woff2" crossorigin />`),
    ...chunks.map((name) => `<link rel="modulepreload" href="/${name}" />`),
  ];
  return html.replace("</head>", [...hints.map((hint) => `  ${hint}`), "</head>"].join("\n  "));
}

/** The licences of every package whose code or fonts are shipped. */
async function licences({ inputs }) {
  const packages = new Set(["node_modules/swagger-ui-dist"]);
  for (const path of inputs) {
    const name = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
    if (name) packages.add(name);
  }
  const texts = await Promise.all([...packages].sort().map(licence));
  return texts.join("\n\n");
}

async function licence(directory) {
  const { name, version, license } = JSON.parse(await readFile(join(WEB, directory, "package.json"), "utf8"));
  for (const file of ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"]) {
    const text = await readFile(join(WEB, directory, file), "utf8").catch(() => null);
    if (text) return `${name} ${version} (${license})\n\n${text.trim()}`;
  }
  return `${name} ${version} (${license})`;
}

async function publish(files) {
  const staged = `${STATIC}.${process.pid}`;
  for (const [name, contents] of files) {
    await mkdir(dirname(join(staged, name)), { recursive: true });
    await writeFile(join(staged, name), contents);
  }
  await mkdir(join(staged, "docs"), { recursive: true });
  await Promise.all([
    cp(join(WEB, "docs"), join(staged, "docs"), { recursive: true }),
    ...["swagger-ui-bundle.js", "swagger-ui.css"].map((name) =>
      cp(join(SWAGGER, name), join(staged, "docs", name)),
    ),
  ]);
  const retired = `${staged}.old`;
  if (existsSync(STATIC)) await rename(STATIC, retired);
  await rename(staged, STATIC);
  await rm(retired, { recursive: true, force: true });
}

function report(files, loaded) {
  let total = 0;
  for (const name of loaded) {
    const bytes = gzipSync(files.get(name)).length;
    total += bytes;
    console.log(`${String(bytes).padStart(9)}  ${basename(name)}`);
  }
  console.log(`${String(total).padStart(9)}  bytes gzip at first load, limit ${FIRST_LOAD_LIMIT_BYTES}`);
  return total;
}

async function run({ development = false } = {}) {
  const bundled = await bundle(development);
  const loaded = firstLoad(bundled, [...entries(bundled).values()]);
  const total = report(bundled.files, loaded);
  if (total > FIRST_LOAD_LIMIT_BYTES && !development)
    throw new Error("The first load is larger than its limit.");
  const files = bundled.files;
  files.set("index.html", await page(bundled, loaded));
  files.set("docs/licences.txt", await licences(bundled));
  files.set("favicon.svg", await readFile(join(WEB, "icons/favicon.svg")));
  files.set("manifest.webmanifest", await readFile(join(WEB, "manifest.webmanifest")));
  await publish(files);
}

function rebuildOnChange() {
  let timer;
  let built = Promise.resolve();
  const rebuild = () => {
    built = built.then(() => attempt({ development: true }));
  };
  watch(WEB, { recursive: true }, (_, name) => {
    if (!name || /node_modules|^\.|~$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(rebuild, 50);
  });
}

/** Whether it went well; esbuild has already told what is wrong in the sources. */
async function attempt(options) {
  try {
    await run(options);
    return true;
  } catch (error) {
    console.error(error.errors ? "The bundle was not built." : error.message);
    return false;
  }
}

if (process.argv.includes("--watch")) {
  await attempt({ development: true });
  rebuildOnChange();
} else if (!(await attempt())) {
  process.exitCode = 1;
}
