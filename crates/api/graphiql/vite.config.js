import { defineConfig } from 'vite';

// File names are fixed, without hashes, because the server embeds them and sends them with an ETag.
export default defineConfig({
  base: '/graphql/assets/',
  build: {
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    chunkSizeWarningLimit: 8000,
    // The licences of what is bundled travel with it.
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      // "use client" of React server components means nothing here, and every dependency says it.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
      output: {
        codeSplitting: false,
        entryFileNames: 'graphiql.js',
        assetFileNames: 'graphiql[extname]',
      },
    },
  },
  worker: {
    format: 'iife',
    rolldownOptions: { output: { entryFileNames: 'workers/[name].js' } },
  },
});
