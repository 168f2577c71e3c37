// What Vite adds to a module.

interface ImportMeta {
  readonly env: { readonly BASE_URL: string };
}
