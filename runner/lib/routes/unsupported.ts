import { UnsupportedError } from 'boxlite-ffi';
import type { App } from '../service.js';

/** Known routes of features that this runner does not have: they say so. */
const routes: readonly [feature: string, method: 'GET' | 'HEAD' | 'POST' | 'DELETE', path: string][] = [
  ['attaching to the main command', 'GET', '/boxes/:box_id/attach'],
  ['tunnels', 'POST', '/boxes/:box_id/network/tunnel'],
  ['snapshots', 'POST', '/boxes/:box_id/snapshots'],
  ['snapshots', 'GET', '/boxes/:box_id/snapshots'],
  ['snapshots', 'GET', '/boxes/:box_id/snapshots/:name'],
  ['snapshots', 'DELETE', '/boxes/:box_id/snapshots/:name'],
  ['snapshots', 'POST', '/boxes/:box_id/snapshots/:name/restore'],
  ['clones', 'POST', '/boxes/:box_id/clone'],
  ['export', 'POST', '/boxes/:box_id/export'],
  ['import', 'POST', '/boxes/import'],
  ['volumes', 'POST', '/volumes'],
  ['volumes', 'GET', '/volumes'],
  ['volumes', 'GET', '/volumes/:id'],
  ['volumes', 'DELETE', '/volumes/:id'],
  ['images', 'POST', '/images/pull'],
  ['images', 'GET', '/images'],
  ['images', 'GET', '/images/:id'],
  ['images', 'HEAD', '/images/:id'],
];

export function addUnsupported(app: App): void {
  for (const [feature, method, path] of routes) {
    app.route({
      method,
      url: `/v1${path}`,
      config: { upgrades: true },
      schema: { hide: true },
      preHandler: (_request, _reply, done) =>
        done(new UnsupportedError(`this runner does not support ${feature}`)),
      handler: () => undefined,
    });
  }
}
