/** Operating system: kernel, its parameters that bear on latency, mitigations, clock source, sysctls, limits, load. */
import { readdirSync } from 'node:fs'
import { loadavg, release, type, uptime } from 'node:os'
import { join } from 'node:path'
import { readHostCpu } from '../probe/host-cpu.ts'
import { readText } from '../probe/system-file.ts'
import type { Environment } from './environment.ts'

/** Network and write-back settings that change what a broker and a generator can do. */
const SYSCTLS: readonly string[] = [
  'net.core.somaxconn',
  'net.core.rmem_default',
  'net.core.rmem_max',
  'net.core.wmem_default',
  'net.core.wmem_max',
  'net.core.netdev_max_backlog',
  'net.core.default_qdisc',
  'net.core.busy_poll',
  'net.core.busy_read',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
  'net.ipv4.tcp_congestion_control',
  'net.ipv4.tcp_autocorking',
  'net.ipv4.tcp_max_syn_backlog',
  'net.ipv4.tcp_slow_start_after_idle',
  'net.ipv4.ip_local_port_range',
  'vm.dirty_ratio',
  'vm.dirty_background_ratio',
  'vm.dirty_bytes',
  'vm.dirty_background_bytes',
  'vm.dirty_expire_centisecs',
  'vm.dirty_writeback_centisecs',
  'vm.swappiness',
  'kernel.numa_balancing',
]

/** Of the kernel's command line only these: the rest may hold anything, keys included. */
const KERNEL_PARAMETERS =
  /^(mitigations|nosmt|isolcpus|nohz|nohz_full|rcu_nocbs|irqaffinity|idle|clocksource|tsc|preempt|threadirqs|maxcpus|nr_cpus|mem|transparent_hugepage|hugepages|hugepagesz|default_hugepagesz|numa_balancing|intel_pstate|amd_pstate|intel_idle\.max_cstate|processor\.max_cstate|spectre_v2|spec_store_bypass_disable|mds|l1tf|tsx|audit|elevator|nopti|pti|nospectre_v1|nospectre_v2)(=|$)/

export function kernelFacts(): Environment {
  const [minute = 0, fiveMinutes = 0] = loadavg()
  const openFiles = openFileLimits(readText('/proc/self/limits') ?? '')
  return {
    osName: osName(readText('/etc/os-release') ?? '') ?? type(),
    kernel: `${type()} ${release()}`,
    kernelParameters: kernelParameters(readText('/proc/cmdline')),
    kernelMitigations: mitigations(),
    clockSource: readText('/sys/devices/system/clocksource/clocksource0/current_clocksource')?.trim() ?? null,
    transparentHugePages: chosen(readText('/sys/kernel/mm/transparent_hugepage/enabled')),
    openFilesSoft: openFiles?.soft ?? null,
    openFilesHard: openFiles?.hard ?? null,
    loadAverage1Min: minute,
    loadAverage5Min: fiveMinutes,
    uptimeSeconds: Math.round(uptime()),
    stealPercentSinceBoot: stealSinceBoot(),
    ...Object.fromEntries(SYSCTLS.map((name) => [`sysctl.${name}`, sysctl(name)])),
  }
}

/** Pure. PRETTY_NAME of /etc/os-release. */
export function osName(text: string): string | null {
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? null
}

/** Pure. The parameters that bear on measurements, as they stand on the kernel's command line; null without one. */
export function kernelParameters(commandLine: string | null): string | null {
  // What follows `--` is for the init process.
  const own = commandLine?.split(' -- ')[0] ?? null
  return (
    own
      ?.trim()
      .split(/\s+/)
      .filter((word) => KERNEL_PARAMETERS.test(word))
      .join(' ') ?? null
  )
}

/** Pure. The soft and hard `ulimit -n` in /proc/PID/limits; Infinity is -1. */
export function openFileLimits(limits: string): { readonly soft: number; readonly hard: number } | null {
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(limits) ?? []
  if (soft === undefined || hard === undefined) return null
  return { soft: limitOf(soft), hard: limitOf(hard) }
}

/** Pure. The word in brackets: `always [madvise] never`. */
export function chosen(text: string | null): string | null {
  return /\[(.+?)\]/.exec(text ?? '')?.[1] ?? text?.trim() ?? null
}

function limitOf(text: string): number {
  return text === 'unlimited' ? -1 : Number(text)
}

/** `meltdown: Not affected; spectre_v2: Mitigation: ...`, those that say something other than "Not affected". */
function mitigations(): string | null {
  const folder = '/sys/devices/system/cpu/vulnerabilities'
  let names: string[]
  try {
    names = readdirSync(folder).sort()
  } catch {
    return null // Not Linux, or hidden by the container.
  }
  const states = names.map((name) => [name, readText(join(folder, name))?.trim() ?? 'unknown'] as const)
  return states.flatMap(([name, state]) => (state === 'Not affected' ? [] : [`${name}: ${state}`])).join('; ')
}

function stealSinceBoot(): number | null {
  const host = readHostCpu()
  return host === null || host.totalUs === 0 ? null : Number(((host.stealUs / host.totalUs) * 100).toFixed(2))
}

function sysctl(name: string): string | number | null {
  const text =
    readText(`/proc/sys/${name.replaceAll('.', '/')}`)
      ?.trim()
      .replace(/\s+/g, ' ') ?? null
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : text
}
