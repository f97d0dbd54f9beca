import { Type } from '@sinclair/typebox';
import type { App, Service } from '../service.js';

const scopes = ['box:read', 'box:write', 'box:exec'];

/** What the runner is and may do: `/v1/config` and `/v1/me`. */
export function addDiscovery(app: App, { plan }: Service): void {
  const { limits } = plan;
  const config = {
    defaults: {},
    overrides: {},
    capabilities: {
      linux_capabilities_enabled: false,
      snapshots_enabled: false,
      clone_enabled: false,
      export_enabled: false,
      import_enabled: false,
      tty_enabled: true,
      streaming_enabled: true,
      max_cpus: Math.min(255, limits.maxCpus),
      max_memory_mib: limits.maxMemoryMib,
      max_concurrent_executions: limits.executionsPerBox,
      file_transfer_max_bytes: limits.fileTransferBytes,
      ...(limits.idempotencyMs > 0 ? { idempotency_key_lifetime: `PT${limits.idempotencyMs / 1000}S` } : {}),
    },
  };
  const object = Type.Object({}, { additionalProperties: true });
  app.get(
    '/v1/config',
    { config: { open: true }, schema: { summary: 'What clients may ask for', response: { 200: object } } },
    () => config,
  );
  const me = {
    sub: 'runner',
    principal_type: 'service_account',
    scopes,
    path_prefix: plan.pathPrefix ?? null,
  };
  app.get('/v1/me', { schema: { summary: 'Who the caller is', response: { 200: object } } }, () => me);
}
