import { Type } from '@sinclair/typebox';
import type { App, Service } from '../service.js';
import { packageVersion } from '../version.js';

const health = Type.Object({ status: Type.String(), version: Type.String() });

/** The probe: answers without a credential as long as the process does. */
export function addHealth(app: App, service: Service): void {
  app.get(
    '/',
    {
      config: { open: true },
      exposeHeadRoute: true,
      schema: { summary: 'Health', response: { 200: health } },
    },
    () => ({ status: service.draining ? 'draining' : 'ok', version: packageVersion }),
  );
}
