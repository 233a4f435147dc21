export { EbpmError, type EbpmErrorOptions, type ErrorCode, type ErrorRow, type ErrorTable } from './ebpm-error.js';
