import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const OUTPUT = process.env["OUTPUT"] ?? "../layers/prooftrail/prooftrail/console/assets";

/** Write each asset compressed too, so that a server has nothing to do but to send it. */
function compressAssets(): Plugin {
  let folder = "";
  return {
    name: "compress-assets",
    configResolved(config) {
      folder = join(config.build.outDir, config.build.assetsDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        const content = readFileSync(join(folder, name));
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: quality }));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** Write the licences of the packages whose code is in the bundle. */
function listLicences(): Plugin {
  return {
    name: "list-licences",
    generateBundle(_options, bundle) {
      const packages = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const id of Object.keys(chunk.modules)) {
          const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id);
          if (found?.[1] && chunk.modules[id]?.renderedLength) packages.add(found[1]);
        }
      }
      const texts = [...packages].sort().map((name) => {
        const folder = join("node_modules", name);
        const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
        if (!file) throw new Error(`${name} has no licence file`);
        return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
      });
      const source = texts.join(`\n${"-".repeat(80)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

/** Leave out what Vite adds to `import()`: it preloads style sheets, which no file here has, and would wait first. */
function importPlainly(): Plugin {
  return {
    name: "import-plainly",
    enforce: "pre",
    load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null),
  };
}

export default defineConfig({
  base: "./",
  plugins: [importPlainly(), listLicences(), compressAssets()],
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    assetsDir: "hashed",
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: false,
  },
  test: { include: ["tests/**/*.test.ts"], testTimeout: 60_000 },
});
