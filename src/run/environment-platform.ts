/** What the host runs on and in: virtual machine, cloud instance, container; its network cards; who keeps its clock. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from '../probe/system-file.ts'
import { allPids } from '../probe/process-tree.ts'
import { readProcessStat } from '../probe/proc-stat.ts'
import type { Environment } from './environment.ts'

const TIME_KEEPERS: readonly string[] = ['chronyd', 'ntpd', 'systemd-timesyn', 'openntpd', 'ptp4l', 'phc2sys']

export function platformFacts(): Environment {
  const vendor = dmi('sys_vendor')
  return {
    virtualisation: virtualisation(vendor),
    /** On EC2 and the like, product is the instance type. */
    machineVendor: vendor,
    machineProduct: dmi('product_name'),
    containerRuntime: containerRuntime(),
    networkMtuBytes: networkMtus(),
    timeKeeper: timeKeeper(),
    timeSynchronised: readText('/run/systemd/timesync/synchronized') === null ? null : true,
  }
}

function dmi(name: string): string | null {
  return readText(`/sys/class/dmi/id/${name}`)?.trim() ?? null
}

function virtualisation(vendor: string | null): string | null {
  const info = readText('/proc/cpuinfo')
  if (info === null) return null
  const hypervisor = readText('/sys/hypervisor/type')?.trim()
  if (hypervisor !== undefined) return hypervisor
  if (/microsoft/i.test(readText('/proc/sys/kernel/osrelease') ?? '')) return 'wsl'
  if (/^flags\s*:.* hypervisor( |$)/m.test(info))
    return vendor === null ? 'virtual machine' : `virtual machine (${vendor})`
  return 'none seen'
}

function containerRuntime(): string | null {
  if (readText('/run/.containerenv') !== null) return 'podman'
  if (readText('/.dockerenv') !== null) return 'docker'
  const groups = readText('/proc/1/cgroup') ?? ''
  return /kubepods|containerd|docker|lxc/.exec(groups)?.[0] ?? null
}

/** `eth0 1500, lo 65536`: no addresses. */
function networkMtus(): string | null {
  try {
    const names = readdirSync('/sys/class/net').sort()
    return names
      .flatMap(
        (name) =>
          readText(join('/sys/class/net', name, 'mtu'))
            ?.trim()
            .replace(/^/, `${name} `) ?? [],
      )
      .join(', ')
  } catch {
    return null // Not Linux.
  }
}

function timeKeeper(): string | null {
  const names = new Set(allPids().map((pid) => readProcessStat(pid)?.name))
  return TIME_KEEPERS.find((name) => names.has(name)) ?? null
}
