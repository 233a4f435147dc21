import type { JsonSchema } from '@ebpm/schemas';
import type { OpenApiDocument, Operation, Parameter } from './openapi.js';

/** A page that shows an OpenAPI document: plain HTML without scripts, so that it needs nothing from anywhere. */
export function docsPage({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation)),
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<h3 id="${text(name)}">${text(name)}</h3>\n${schemaBlock(schema)}`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(info.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${text(info.title)}</h1>
<p>${text(info.description)} The same for programs: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
${operations.join('\n')}
<h2>Bodies</h2>
${schemas.join('\n')}
</body>
</html>
`;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h2{border-top:1px solid #ccc;padding-top:1rem;font-size:1.1rem}code,pre{font:14px/1.4 ui-monospace,monospace}
pre{background:#f5f5f5;padding:.5rem;overflow:auto}td{padding:0 1rem .2rem 0;vertical-align:top}`;

function section(method: string, path: string, operation: Operation): string {
  const { summary, parameters, requestBody, responses, security, deprecated } = operation;
  const token = security.some((way) => Object.keys(way).length === 0) ? '' : ' Needs a token.';
  const body = requestBody === undefined ? [] : [row('body', '', contentLinks(requestBody.content))];
  const answers = Object.entries(responses).map(([status, { description, content = {} }]) =>
    row(status === 'default' ? 'errors' : status, contentLinks(content), text(description)),
  );
  return `<h2><code>${method.toUpperCase()} ${text(path)}</code></h2>
<p>${text(summary)}.${token}${deprecated ? ' <strong>Deprecated.</strong>' : ''}</p>
<table>${[...parameters.map(parameterRow), ...body, ...answers].join('\n')}</table>`;
}

function parameterRow({ name, in: place, required, description = '' }: Parameter): string {
  return row(`${name}`, `${place}${required ? '' : ', optional'}`, text(description));
}

function row(name: string, kind: string, rest: string): string {
  return `<tr><td><code>${text(name)}</code></td><td>${kind}</td><td>${rest}</td></tr>`;
}

function contentLinks(content: Readonly<Record<string, { readonly schema: JsonSchema }>>): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const name = /[^/]+$/.exec(String(schema['$ref'] ?? ''))?.[0];
      return name === undefined ? text(type) : `<a href="#${text(name)}">${text(name)}</a>`;
    })
    .join(', ');
}

function schemaBlock({ description = '', properties = {} }: JsonSchema): string {
  const rows = Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) =>
    row(name, text(String(schema['type'] ?? '')), text(String(schema['description'] ?? ''))),
  );
  return `<p>${text(String(description))}</p>\n<table>${rows.join('\n')}</table>`;
}

function text(value: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return value.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
