import type { FastifyRequest } from 'fastify';
import { answerClientError } from './raw-answer.js';

/**
 * Gives a connection up with 408 if nothing of a request's body comes for so long: a peer that has vanished without a
 * word would hold what was begun for it for ever.
 *
 * @returns What ends the watch when the body is here. How long the work itself takes is nobody's business.
 */
export function limitStalls({ raw }: FastifyRequest, stallMs: number): () => void {
  const { socket } = raw;
  const before = socket.timeout ?? 0;
  const onTimeout = (): void => answerClientError({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket);
  raw.setTimeout(stallMs, onTimeout);
  return () => {
    raw.off('timeout', onTimeout);
    socket.setTimeout(before);
  };
}
