import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../support/command-line.ts";
import { freePort } from "../support/redis.ts";

const programs = ["slurmctld", "slurmd", "munged", "sbatch"];
export const hasSlurm =
  process.getuid?.() === 0 && programs.every((program) => spawnSync("which", [program]).status === 0);

/**
 * A Slurm of one node, this machine, of the tests' own: its configuration, keys and logs are in a temporary folder.
 *
 * @param workers a run begins when so many workers take jobs: Slurm starts them one after the other
 */
export async function startSlurm(recipes: readonly URL[], workers: number) {
  const root = mkdtempSync(join(tmpdir(), "mesoflow-slurm-"));
  chmodSync(root, 0o755);
  for (const folder of ["munge", "spool", "state", "work", "bin"])
    mkdirSync(join(root, folder), { mode: 0o755 });
  const at = (name: string) => join(root, name);
  const node = hostname().split(".")[0]!;
  writeFileSync(at("munge/key"), randomBytes(256), { mode: 0o400 });
  writeFileSync(
    at("slurm.conf"),
    [
      ...["ClusterName=test", `SlurmctldHost=${node}(127.0.0.1)`, "SlurmUser=root", "SlurmdUser=root"],
      ...[`SlurmctldPort=${await freePort()}`, `SlurmdPort=${await freePort()}`],
      ...["AuthType=auth/munge", `AuthInfo=socket=${at("munge/socket")}`],
      ...[`StateSaveLocation=${at("state")}`, `SlurmdSpoolDir=${at("spool")}`],
      ...[`SlurmctldPidFile=${at("slurmctld.pid")}`, `SlurmdPidFile=${at("slurmd.pid")}`],
      ...[`SlurmctldLogFile=${at("slurmctld.log")}`, `SlurmdLogFile=${at("slurmd.log")}`],
      // No control groups: the machine of the tests may be a container.
      ...[
        "ProctrackType=proctrack/linuxproc",
        "TaskPlugin=task/none",
        "JobAcctGatherType=jobacct_gather/none",
      ],
      ...["SwitchType=switch/none", "MpiDefault=none", "AccountingStorageType=accounting_storage/none"],
      ...["SelectType=select/cons_res", "SelectTypeParameters=CR_CPU", "ReturnToService=2"],
      ...["SchedulerParameters=batch_sched_delay=0", "SlurmdParameters=config_overrides"],
      ...[`NodeName=${node} NodeAddr=127.0.0.1 CPUs=8`, "PartitionName=all Nodes=ALL Default=YES State=UP"],
      "",
    ].join("\n"),
  );
  for (const recipe of recipes) copyFileSync(recipe, join(root, "work", recipe.pathname.split("/").at(-1)!));
  const ready = `grep -ls "takes up to" "${at("work")}"/mesoflow-worker-*.log | wc -l`;
  writeFileSync(
    at("bin/mesoflow"),
    [
      "#!/bin/sh",
      `[ "$1" != run ] || until [ "$(${ready})" -ge ${workers} ]; do sleep 0.1; done`,
      `exec "${process.execPath}" "${main}" "$@"`,
      "",
    ].join("\n"),
    { mode: 0o755 },
  );
  const env = {
    ...process.env,
    SLURM_CONF: at("slurm.conf"),
    PATH: `${at("bin")}:${process.env.PATH}`,
    USER: "root",
  };
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, {
      cwd: at("work"),
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const munge = ["key-file=key", "socket=socket", "pid-file=pid", "log-file=log", "seed-file=seed"];
  run("munged", "--force", ...munge.map((option) => `--${option.replace("=", `=${at("munge")}/`)}`));
  run("slurmctld", "-f", at("slurm.conf"));
  run("slurmd", "-f", at("slurm.conf"));
  return {
    work: at("work"),
    run,
    log: (name: string) => readFileSync(join(root, "work", name), "utf8"),
    stop() {
      for (const pid of ["slurmd.pid", "slurmctld.pid", "munge/pid"]) {
        process.kill(Number(readFileSync(at(pid), "utf8")), "SIGTERM");
      }
      spawnSync("sleep", ["1"]);
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
