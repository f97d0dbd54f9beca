import { InvalidArgumentError, UnsupportedError } from './error-classes.js';
import type { NativeBoxOptions } from './native/addon.js';
import { compact, OptionReader, readWhole, required } from './options.js';

const count = { min: 1, max: 2 ** 31 - 1 };
const seconds = { min: 0, max: 2 ** 32 - 1, unit: 'seconds' };

/** What a libboxlite starts a box from that says nothing about it. */
const libraryImage = 'alpine:latest';

/** `BoxOptions`, checked, as the addon takes them. */
export function readBoxOptions(options: unknown, engine: 'embedded' | 'library'): NativeBoxOptions {
  return readWhole(new OptionReader(options, '', 'options'), (read) => {
    if (read.any('healthCheck') !== undefined) {
      throw new UnsupportedError('healthCheck: no engine can check the health of a box; leave it out');
    }
    const rootfsPath = read.nonEmpty('rootfsPath');
    const image = read.nonEmpty('image');
    if (image !== undefined && rootfsPath !== undefined) {
      throw new InvalidArgumentError(
        'image and rootfsPath must not both be given: they say the same thing twice',
      );
    }
    const network = read.object('network', (rules) => ({
      outbound: rules.object('outbound', readRule),
      inbound: rules.object('inbound', readRule),
    }));
    const capabilities = read.object('capabilities', (lists) => ({
      add: lists.texts('add'),
      drop: lists.texts('drop'),
    }));
    return compact<NativeBoxOptions>({
      image: image ?? (engine === 'library' && rootfsPath === undefined ? libraryImage : ''),
      name: read.nonEmpty('name'),
      rootfsPath,
      cpus: read.integer('cpus', { min: 1, max: 255 }),
      memoryMib: read.integer('memoryMib', { ...count, unit: 'MiB' }),
      diskSizeGb: read.integer('diskSizeGb', { ...count, unit: 'GB' }),
      workingDir: read.nonEmpty('workingDir'),
      env: read.environment('env'),
      user: read.nonEmpty('user'),
      entrypoint: read.texts('entrypoint'),
      cmd: read.texts('cmd'),
      volumes: read.objects('volumes', readVolume),
      ports: read.objects('ports', readPort),
      outbound: network?.outbound,
      inbound: network?.inbound,
      secrets: read.objects('secrets', readSecret),
      sandbox: read.object('security', (security) => ({ sandbox: security.flag('sandbox') }))?.sandbox,
      capabilitiesAdd: capabilities?.add,
      capabilitiesDrop: capabilities?.drop,
      detach: read.flag('detach'),
      // A libboxlite's own default deletes a box when it stops, so this is always said.
      autoRemove: read.flag('autoRemove') ?? false,
      autoStopSeconds: read.integer('autoStopSeconds', seconds),
      autoDeleteSeconds: read.integer('autoDeleteSeconds', seconds),
      autoResume: read.flag('autoResume'),
    });
  });
}

function readRule(read: OptionReader): { enabled?: boolean; allow?: string[] } {
  return compact({ enabled: read.flag('enabled'), allow: read.texts('allow') });
}

function readVolume(read: OptionReader): { hostPath: string; guestPath: string; readOnly: boolean } {
  const path = 'a path';
  return {
    hostPath: required(read.nonEmpty('hostPath'), read.name('hostPath'), path),
    guestPath: required(read.nonEmpty('guestPath'), read.name('guestPath'), path),
    readOnly: read.flag('readOnly') ?? false,
  };
}

type NativePort = NonNullable<NativeBoxOptions['ports']>[number];

function readPort(read: OptionReader): NativePort {
  const port = { min: 1, max: 65535 };
  return compact<NativePort>({
    guestPort: required(read.integer('guestPort', port), read.name('guestPort'), 'a port from 1 to 65535'),
    hostPort: read.integer('hostPort', { ...port, min: 0 }) ?? 0,
    protocol: read.oneOf('protocol', ['tcp', 'udp']) ?? 'tcp',
    hostIp: read.nonEmpty('hostIp'),
  });
}

type NativeSecret = NonNullable<NativeBoxOptions['secrets']>[number];

function readSecret(read: OptionReader): NativeSecret {
  const value = read.secret('value');
  if (value === undefined) throw new InvalidArgumentError(`${read.name('value')} must be a string`);
  return compact<NativeSecret>({
    name: required(read.nonEmpty('name'), read.name('name'), 'a string'),
    value,
    hosts: read.texts('hosts') ?? [],
    placeholder: read.nonEmpty('placeholder'),
  });
}
