import { defineConfig } from "vite";

/** Builds `<audit-trail>` as one file of its own, so that the page needs no request more. */
export default defineConfig({
  // A library's build leaves this to the bundler of who uses it; here it is loaded as it is.
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: process.env["OUTPUT"] ?? "../layers/prooftrail/prooftrail/console/assets",
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2022",
    // These know light-dark(). What Vite writes for older browsers does not follow another page's scheme.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
    lib: { entry: "src/element.tsx", formats: ["es"], fileName: () => "audit-trail.js" },
  },
});
