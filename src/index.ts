/**
 * The library's door: Roblox Open Cloud's Luau Execution as functions, and the emulator. Nothing here reads the
 * environment, prints, or ends the process.
 */
export { type Clock, systemClock } from './clock.ts';
export type { Fault, FaultAction, UnmetFault } from './emulator/faults.ts';
export type { LuauEmulatorOptions } from './emulator/luau-emulator.ts';
export type { Emulator, EmulatorOptions } from './emulator/server.ts';
export { type Attempt, type ErrorKind, LuauExecError, type LuauExecErrorOptions } from './errors.ts';
export type { RequestTrace, RequestWait } from './open-cloud/api-session.ts';
export type { BinaryInput } from './open-cloud/binary-input.ts';
export { type ByteSource, measureByteSource } from './open-cloud/byte-source.ts';
export {
  type CallOptions,
  type CreateCallOptions,
  type GetCallOptions,
  type LogReading,
  OpenCloudClient,
  type OpenCloudClientOptions,
  type QueuedCallOptions,
} from './open-cloud/client.ts';
export { type DownloadedFile, type DownloadOptions, downloadBinaryOutput } from './open-cloud/download.ts';
export type { Exchange, ExchangeLimits, HttpRequest, HttpResponse } from './open-cloud/exchange.ts';
export { ExchangeError } from './open-cloud/exchange.ts';
export type { KeyInfo, KeyScope } from './open-cloud/key-info.ts';
export type { OpenNewFile } from './open-cloud/part-file.ts';
export type {
  CreateBinaryInputParameters,
  CreateTaskParameters,
  LogView,
  PlaceBody,
  PlaceVersionType,
  TaskView,
  UploadPlaceParameters,
} from './open-cloud/requests.ts';
export { type SpooledBytes, spoolBytes } from './open-cloud/spool-bytes.ts';
export type { StreamBody } from './open-cloud/stream-body.ts';
export type { StreamExchange, StreamRequest } from './open-cloud/stream-exchange.ts';
export { streamBinaryOutput } from './open-cloud/stream-output.ts';
export {
  type CancelledTask,
  type CompleteTask,
  type FailedTask,
  type FinishedTask,
  isFinished,
  type JsonValue,
  type LogLevel,
  type LogMessage,
  type Task,
  type UnfinishedTask,
} from './open-cloud/task.ts';
export { formatTaskPath, parseTaskPath, type TaskPath } from './open-cloud/task-path.ts';
export type { TransferClient, TransferOptions, TransferProgress } from './open-cloud/transfer.ts';
export { createTransport, type Transport, type TransportOptions } from './open-cloud/transport.ts';
export { type UploadedInput, type UploadOptions, uploadBinaryInput } from './open-cloud/upload.ts';
export { type UploadedPlace, type UploadPlaceOptions, uploadPlace } from './open-cloud/upload-place.ts';
export { type RunScriptOptions, runScript } from './run-script.ts';
export { addResultEncoder } from './script/encode-results.ts';
export { startEmulator } from './start-emulator.ts';
export type { ByteRange, LostLogs, Outcome, OutcomeLogs, Timing, Verdict, Warning } from './task/outcome.ts';
export { PollScheduler, type PollSchedulerOptions, type PollSlot } from './task/poll-scheduler.ts';
export type { RunEvent, TransferState, WaitReason } from './task/run-event.ts';
export { type WatchOptions, watchTask } from './task/watch-task.ts';
export { decodeResults, hasTags } from './values/decode-results.ts';
export type {
  LuauBuffer,
  LuauBytes,
  LuauOpaque,
  LuauTable,
  LuauValue,
  LuauVector,
} from './values/luau-value.ts';
