import { defineConfig } from "vite";

/** Builds `<audit-trail>` as one file of its own, so that the page needs no request more. */
export default defineConfig({
  build: {
    outDir: process.env["OUTPUT"] ?? "../layers/prooftrail/prooftrail/console/assets",
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: { entry: "src/element.tsx", formats: ["es"], fileName: () => "audit-trail.js" },
  },
});
