import { InvalidArgumentError, UnsupportedError, type BoxOptions, type NetworkRule } from 'boxlite-ffi';
import type { Static } from '@sinclair/typebox';
import type { CreateBoxRequest, NetworkRuleRequest } from '../schemas/box.js';

type Request = Static<CreateBoxRequest>;
type NetworkRequest = NonNullable<Request['network']>;

/** What a box is made from that names neither an image nor a root file system. */
const defaultImage = 'alpine:latest';

/**
 * The options of a new box, from a request whose fields have the right types.
 *
 * @throws InvalidArgumentError for fields that contradict each other; UnsupportedError for what no box here can have.
 */
export function boxOptions(request: Request): BoxOptions {
  refuseContradictions(request);
  refuseUnsupported(request);
  const { rootfs_path: rootfsPath, auto_stop: autoStop, auto_delete: autoDelete } = request;
  return compact({
    name: request.name,
    image: rootfsPath === undefined ? (request.image ?? defaultImage) : undefined,
    rootfsPath,
    cpus: request.cpus,
    memoryMib: request.memory_mib,
    diskSizeGb: request.disk_size_gb,
    workingDir: request.working_dir,
    env: request.env,
    entrypoint: request.entrypoint,
    cmd: request.cmd,
    user: request.user,
    detach: request.detach,
    autoRemove: request.auto_remove,
    network: request.network && networkOptions(request.network),
    secrets: request.secrets,
    autoStopSeconds: autoStop,
    autoDeleteSeconds: autoDelete,
    autoResume: request.auto_resume,
  });
}

function refuseContradictions(request: Request): void {
  if (request.image !== undefined && request.rootfs_path !== undefined) {
    throw new InvalidArgumentError('image and rootfs_path must not both be given');
  }
  const { auto_stop: stop, auto_delete: remove } = request;
  if (stop !== undefined && remove !== undefined && remove > 0 && remove <= stop) {
    throw new InvalidArgumentError('auto_delete must be 0 or more than auto_stop');
  }
}

function refuseUnsupported(request: Request): void {
  const capabilities = request.advanced?.capabilities;
  if ((capabilities?.add?.length ?? 0) + (capabilities?.drop?.length ?? 0) > 0) {
    throw new UnsupportedError(
      'advanced.capabilities: this runner does not change the capabilities of boxes',
    );
  }
  for (const [index, volume] of (request.volumes ?? []).entries()) {
    if ('host_path' in volume) {
      throw new UnsupportedError(`volumes[${index}].host_path: paths of the host are not open to callers`);
    }
    for (const name of Object.keys(volume)) {
      if (['managed_volume', 'guest_path', 'read_only'].includes(name)) continue;
      throw new InvalidArgumentError(`unknown field volumes[${index}].${name} in the body`);
    }
    throw new UnsupportedError(`volumes[${index}]: this runner has no managed volumes`);
  }
  if (request.tty === true)
    throw new UnsupportedError('tty: a main command with a terminal is not supported');
}

function networkOptions(network: NetworkRequest): NonNullable<BoxOptions['network']> {
  const { outbound, inbound, mode, allow_net } = network;
  const isFlat = mode !== undefined || allow_net !== undefined;
  if (isFlat && (outbound ?? inbound) !== undefined) {
    throw new InvalidArgumentError('network must have either mode and allow_net or outbound and inbound');
  }
  if (isFlat && mode === undefined) throw new InvalidArgumentError('network.mode is missing in the body');
  const flat = mode === undefined ? undefined : compact({ mode, allow_net });
  return compact({
    outbound: rule('network.outbound', outbound ?? flat),
    inbound: rule('network.inbound', inbound),
  });
}

function rule(name: string, request: Static<NetworkRuleRequest> | undefined): NetworkRule | undefined {
  if (request === undefined) return undefined;
  const { mode, allow_net: allow = [] } = request;
  if (mode === 'disabled' && allow.length > 0) {
    throw new InvalidArgumentError(`${name}.allow_net must be empty where mode is disabled`);
  }
  return { enabled: mode === 'enabled', ...(allow.length > 0 ? { allow } : {}) };
}

/** Without the members that are undefined. */
function compact<T extends object>(record: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
