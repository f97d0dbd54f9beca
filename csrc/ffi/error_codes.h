// Generated from errors.json by scripts/generate-errors.cjs: do not edit, run `npm run generate`.
// clang-format off
#pragma once

namespace boxlite::ffi {

/// The numbers of the C ABI; a library may return others.
enum class ErrorCode : int {
  kOk = 0,
  kInternal = 1,  // something went wrong that has no code of its own
  kNotFound = 2,  // no such box, execution, image or volume
  kAlreadyExists = 3,  // the name is taken
  kInvalidState = 4,  // the operation does not fit the state of its object
  kInvalidArgument = 5,  // an argument is wrong
  kConfig = 6,  // options that contradict each other, or credentials that a server refused
  kStorage = 7,  // the home directory, its lock or a disk failed
  kImage = 8,  // an image could not be found, pulled or read
  kNetwork = 9,  // the network of a box or the way to a server failed
  kExecution = 10,  // a command could not be started
  kStopped = 11,  // the box or the runtime has been stopped
  kEngine = 12,  // the engine beneath reported a failure
  kUnsupported = 13,  // this engine cannot do what was asked
  kDatabase = 14,  // the engine's database of boxes failed
  kPortal = 15,  // the connection to the guest failed
  kRpc = 16,  // the guest rejected a call
  kRpcTransport = 17,  // the connection to the guest was lost during a call
  kMetadata = 18,  // stored records are corrupt
  kUnsupportedEngine = 19,  // the engine cannot be used on this machine or with this package
  kResourceExhausted = 20,  // a limit of the host or the service was reached
  kSessionReaped = 21,  // the server has ended the session of this execution
};

struct ErrorRow {
  int number;
  const char* code;
  const char* class_name;
  int http_status;
};

inline constexpr ErrorRow kErrorTable[] = {
    {1, "internal", "InternalError", 500},
    {2, "not_found", "NotFoundError", 404},
    {3, "already_exists", "AlreadyExistsError", 409},
    {4, "invalid_state", "InvalidStateError", 409},
    {5, "invalid_argument", "InvalidArgumentError", 400},
    {6, "config", "ConfigError", 500},
    {7, "storage", "StorageError", 500},
    {8, "image", "ImageError", 422},
    {9, "network", "NetworkError", 503},
    {10, "execution", "ExecutionError", 422},
    {11, "stopped", "StoppedError", 409},
    {12, "engine", "EngineError", 503},
    {13, "unsupported", "UnsupportedError", 400},
    {14, "database", "DatabaseError", 500},
    {15, "portal", "PortalError", 503},
    {16, "rpc", "RpcError", 503},
    {17, "rpc_transport", "RpcTransportError", 503},
    {18, "metadata", "MetadataError", 500},
    {19, "unsupported_engine", "UnsupportedEngineError", 400},
    {20, "resource_exhausted", "ResourceExhaustedError", 429},
    {21, "session_reaped", "SessionReapedError", 410},
};

/// The row of a number; nullptr for one that the table does not know.
constexpr const ErrorRow* FindError(int number) {
  for (const ErrorRow& row : kErrorTable) {
    if (row.number == number) return &row;
  }
  return nullptr;
}

}  // namespace boxlite::ffi
