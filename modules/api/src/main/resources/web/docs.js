'use strict';

/* Nothing here leaves this server: no validator badge, no remembered key. */
SwaggerUIBundle({
  url: '/api/openapi.yaml',
  dom_id: '#documentation',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
});
