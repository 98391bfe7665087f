// Swagger UI assigns strings that its own DOMPurify has cleaned; scripts and their addresses stay forbidden.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (markup) => markup });

globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
});
