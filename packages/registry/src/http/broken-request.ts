import type { Socket } from 'node:net';
import { EbpmError } from '@ebpm/formats';
import { errorAnswer } from './error-answer.js';

/**
 * Answers what is not even HTTP, too large or too slow, as every other error is answered, and closes the connection. Node calls it
 * before there is a request (https://nodejs.org/api/http.html#event-clienterror).
 */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = errorAnswer(brokenRequest(error.code), '');
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_WORDS[status] ?? 'Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function brokenRequest(code: string | undefined): EbpmError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new EbpmError('EBPM_REQUEST_TOO_LARGE', 'Cannot read the request: its headers are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new EbpmError('EBPM_REQUEST_TIMEOUT', 'Cannot read the request: it did not arrive in time');
    default:
      return new EbpmError('EBPM_REQUEST_INVALID', 'Cannot read the request: it is not HTTP/1.1');
  }
}
