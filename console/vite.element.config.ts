import { defineConfig } from "vite";

/** Builds `<audit-trail>` as one file of its own, so that the console's page asks for nothing more. */
export default defineConfig({
  build: {
    outDir: process.env["OUTPUT"] ?? "../layers/prooftrail/prooftrail/console/assets",
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2022",
    // These know light-dark(). What Vite writes for older browsers does not follow another page's scheme.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: "src/element.tsx",
      output: { entryFileNames: "audit-trail.js", codeSplitting: false },
    },
  },
});
