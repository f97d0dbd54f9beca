/** Whether traffic in one direction is allowed at all, and with whom. */
export interface NetworkRule {
  /** Undefined leaves the engine's default. */
  enabled?: boolean;
  /** Host names, `*.domain`, addresses or CIDR ranges; an empty list restricts nothing. */
  allow?: string[];
}

/** A host folder or file that a box sees. */
export interface VolumeMount {
  hostPath: string;
  guestPath: string;
  /** Default false. */
  readOnly?: boolean;
}

/** A port of the box that the host publishes. */
export interface PortMapping {
  /** 1 to 65535. */
  guestPort: number;
  /** 1 to 65535; 0 or absent: the engine chooses. */
  hostPort?: number;
  /** Default `'tcp'`. */
  protocol?: 'tcp' | 'udp';
  /** The address to listen on; absent: all of them. */
  hostIp?: string;
}

/** A value that a box uses without ever seeing it. */
export interface Secret {
  name: string;
  value: string;
  /** The hosts that may be told it. */
  hosts?: string[];
  /** What stands for it inside the box; default `<BOXLITE_SECRET:name>`. */
  placeholder?: string;
}

export interface SecurityOptions {
  /** Whether the engine confines its own process; undefined leaves its default. */
  sandbox?: boolean;
}

/** How to ask a box whether it is well. No engine of today can; it is refused with `UnsupportedError`. */
export interface HealthCheckOptions {
  command: string[];
  intervalMs?: number;
  timeoutMs?: number;
  retries?: number;
}

/** What a box is made with. Everything has a default. */
export interface BoxOptions {
  /** Unique in its runtime; a box without a name is found by its id. */
  name?: string;
  /**
   * The image it starts from. Default: `alpine:latest` on a libboxlite; on the embedded engine the host's file
   * system, and an image is refused with `UnsupportedError` unless the runtime's `localImagePolicy` is `'host'`.
   */
  image?: string;
  /** A prepared root file system instead of an image. */
  rootfsPath?: string;
  /** 1 to 255. */
  cpus?: number;
  /** In MiB, at least 1. */
  memoryMib?: number;
  /** In GB, at least 1. */
  diskSizeGb?: number;
  /** Where commands start that say nothing else. */
  workingDir?: string;
  env?: Record<string, string>;
  /** name or uid, optionally `:group` or `:gid`. */
  user?: string;
  entrypoint?: string[];
  cmd?: string[];
  volumes?: VolumeMount[];
  ports?: PortMapping[];
  network?: { outbound?: NetworkRule; inbound?: NetworkRule };
  secrets?: Secret[];
  security?: SecurityOptions;
  healthCheck?: HealthCheckOptions;
  /** Linux capabilities of the box's processes. */
  capabilities?: { add?: string[]; drop?: string[] };
  /** Whether the box goes on running after its runtime was closed. Default false. */
  detach?: boolean;
  /** Whether a stop removes the box. Default false. */
  autoRemove?: boolean;
  /** Idle seconds after which the engine stops it; 0: never. */
  autoStopSeconds?: number;
  /** Seconds after its stop after which the engine removes it; 0: never. */
  autoDeleteSeconds?: number;
  /** Whether the engine starts a stopped box when it is used. */
  autoResume?: boolean;
}
