import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server.js';

/** How long clients that are sent away may take to go. */
const farewellMs = 2000;

/**
 * Closes a server gracefully: no new connections, nothing new begins; attached clients are served until their
 * executions end or the grace is over, then told to come back elsewhere; then all executions are released.
 */
export async function drain({ app, service }: Server, graceMs: number): Promise<void> {
  service.draining = true;
  service.reaper.stop();
  const closed = closeListener(app.server);
  await within(graceMs, () => Promise.all([...service.sessions].map((session) => session.closed)));
  for (const session of service.sessions) session.giveUp('the runner is shutting down');
  await within(farewellMs, () => Promise.all([...service.sessions].map((session) => session.closed)));
  await Promise.all([...service.registry.records].map((record) => record.dispose()));
  app.server.closeIdleConnections();
  await within(farewellMs, () => closed);
  app.server.closeAllConnections();
  await app.close();
}

/** Resolves when no connection is left. */
function closeListener(server: Server['app']['server']): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function within(limitMs: number, work: () => Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([work(), sleep(limitMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
}
