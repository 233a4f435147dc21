import { createConnection, createServer, type Server } from 'node:net';
import { EbpmError } from '@ebpm/formats';
import { CONTROL_ANSWER_MS, CONTROL_MAX_LENGTH } from '../limits.js';

/** What a background run can be told. */
export type ControlCommand = 'status' | 'stop' | 'pause' | 'resume';

const COMMANDS: readonly string[] = ['status', 'stop', 'pause', 'resume'] satisfies ControlCommand[];

/** What it answers. */
export interface ControlAnswer {
  readonly status: 'running' | 'paused';
  /** Printed so far. */
  readonly events: number;
}

/** Takes commands at a socket; who may connect is decided by the folder that it lies in. */
export function listenForCommands(path: string, obey: (command: ControlCommand) => ControlAnswer): Promise<Server> {
  const server = createServer((connection) => {
    let text = '';
    connection.setEncoding('utf8').setTimeout(CONTROL_ANSWER_MS, () => connection.destroy());
    connection.on('error', () => connection.destroy());
    connection.on('data', (chunk: string) => {
      text += chunk;
      const [line, rest] = text.split('\n');
      if (rest === undefined && text.length <= CONTROL_MAX_LENGTH) return;
      if (line === undefined || !COMMANDS.includes(line)) connection.destroy();
      else connection.end(`${JSON.stringify(obey(line as ControlCommand))}\n`);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

/** Tells a run something, and gives its answer. @throws EBPM_RUN_SILENT */
export function sendCommand(path: string, command: ControlCommand): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const silent = (cause?: Error) => {
      reject(new EbpmError('EBPM_RUN_SILENT', `Cannot tell the run to ${command}: it does not answer`, { cause }));
    };
    const connection = createConnection(path, () => connection.end(`${command}\n`));
    connection.setEncoding('utf8').setTimeout(CONTROL_ANSWER_MS, () => connection.destroy(new Error('timeout')));
    connection.on('error', silent);
    connection.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > CONTROL_MAX_LENGTH) connection.destroy(new Error('too long'));
    });
    connection.on('close', () => {
      const answer = answerIn(text);
      if (answer === undefined) silent();
      else resolve(answer);
    });
  });
}

function answerIn(text: string): ControlAnswer | undefined {
  try {
    const answer = JSON.parse(text);
    const isKnown = answer?.status === 'running' || answer?.status === 'paused';
    return isKnown && Number.isInteger(answer.events) ? answer : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
