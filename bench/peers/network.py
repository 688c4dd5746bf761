"""The spiking network of model parameters CONFIG1 (docs/network.md) in Brian2, as a peer to measure against.

    /usr/bin/python3 bench/peers/network.py cython|cpp_standalone [options]

Prints one JSON object a line: seconds, and seconds of processor time, of set-up and run together. Compilation is not
counted: with cython a first short run has done it, with cpp_standalone the compiled program alone is timed.
--statistics adds what test/golden/network.json holds of a run.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore")
import brian2 as b2  # noqa: E402
import numpy as np  # noqa: E402
from brian2 import Hz, mV, ms, nS, pA, pF  # noqa: E402

CELLS = {  # delta_v (mV), a (nS), b (pA), tauw (ms)
    "RS-cell": (10, 200, -65, 2, 4, 20, 500),
    "FS-cell": (10, 200, -65, 0.5, 0, 0, 1e9),
    "LIF": (10, 150, -60, 0, 0, 0, 1e9),
}
NETWORKS = {  # N, g, p, Qe, Qi, Te, Ti, drive
    "CONFIG1": (10_000, 0.2, 0.05, 1, 5, 5, 5, 4),
    "Vogels-Abbott": (5_000, 0.2, 0.02, 7, 67, 5, 10, 0),
}


def population(which, name, size, network):
    """`which`, as all names here: with names of its own making, Brian2 would compile every run anew."""
    Gl, Cm, El, delta_v, a, b, tauw = CELLS[name]
    _, _, _, Qe, Qi, Te, Ti, _ = NETWORKS[network]
    spiking = "Gl*delta_v*exp((V - Vthre)/delta_v)" if delta_v else "0*pA"
    equations = f"""
    dV/dt = (Gl*(El - V) + {spiking} + Ge*(Ee - V) + Gi*(Ei - V) - w)/Cm : volt (unless refractory)
    dw/dt = (a*(V - El) - w)/tauw : amp
    dGe/dt = -Ge/Te : siemens
    dGi/dt = -Gi/Ti : siemens
    """
    constants = dict(
        Gl=Gl * nS, Cm=Cm * pF, El=El * mV, Vthre=-50 * mV, delta_v=delta_v * mV, a=a * nS, b=b * pA,
        tauw=tauw * ms, Te=Te * ms, Ti=Ti * ms, Ee=0 * mV, Ei=-80 * mV,
        peak=(-50 + 5 * delta_v) * mV, reset_potential=El * mV,
    )
    group = b2.NeuronGroup(
        size, equations, threshold="V > peak", reset="V = reset_potential; w += b", refractory=5 * ms,
        method="euler", namespace=constants, name=which,
    )
    group.V = El * mV
    return group


def network(options):
    """All objects of the network: kept in one place, so that Brian's collection finds them."""
    N, g, p, Qe, Qi, _, _, drive = NETWORKS[options.network]
    Ni = round(g * N)
    Ne = N - Ni
    b2.defaultclock.dt = 0.1 * ms
    groups = {
        which: population(which, cell, size, options.network)
        for which, cell, size in (("exc", options.exc, Ne), ("inh", options.inh, Ni))
    }
    objects = dict(groups)
    quanta = {"exc": ("Ge", Qe * nS), "inh": ("Gi", Qi * nS)}
    for source, (conductance, Q) in quanta.items():
        for target in groups:
            synapses = b2.Synapses(groups[source], groups[target], on_pre=f"{conductance}_post += {Q / nS}*nS", name=f"{source}_to_{target}")
            if source == target:
                synapses.connect("i != j", p=p)
            else:
                synapses.connect(p=p)
            objects[f"{source} to {target}"] = synapses
    if drive:
        t = np.arange(int(options.duration / 0.1)) * 0.1
        base = drive * np.minimum(t / options.ramp, 1)
        width = np.where(t < 800, 60.0, 100.0)
        wave = options.amplitude * np.exp(-((t - 800) ** 2) / (2 * width**2))
        K = round(p * (1 - g) * N)
        for name, rate in (("exc", base + wave), ("inh", base)):
            group = groups[name]
            if options.events == "input":
                # Brian2's quickest way; it knows constant rates only, so the ramp is left out.
                objects[f"drive {name}"] = b2.PoissonInput(group, "Ge", K, drive * Hz, weight=Qe * nS)
                continue
            group.namespace[f"nu_{name}"] = b2.TimedArray(rate * Hz, dt=0.1 * ms, name=f"nu_{name}")
            group.namespace["Qe"] = Qe * nS
            mean = f"{K}*nu_{name}(t)*dt"
            draw = f"poisson({mean})" if options.events == "poisson" else f"int(rand() < {mean})"
            objects[f"drive {name}"] = group.run_regularly(f"Ge += Qe*{draw}", dt=0.1 * ms, when="synapses", name=f"drive_{name}")
    if options.network == "Vogels-Abbott":
        for group in groups.values():
            group.Ge = "clip(randn()*1.5 + 4, 0, inf)*10*nS"
            group.Gi = "clip(randn()*12 + 20, 0, inf)*10*nS"
            group.V = f"El + randn()*5*mV"
    for name, group in groups.items():
        objects[f"spikes {name}"] = b2.SpikeMonitor(group, name=f"spikes_{name}")
        objects[f"rate {name}"] = b2.PopulationRateMonitor(group, name=f"rate_{name}")
        objects[f"traces {name}"] = b2.StateMonitor(group, ["V", "Ge", "Gi"], record=range(options.recorded), name=f"traces_{name}")
    return b2.Network(*objects.values()), objects


def statistics(objects, options):
    """As in test/golden/network.json: of 500 ms onwards."""
    found = {}
    for name in ("exc", "inh"):
        monitor = objects[f"spikes {name}"]
        spikes = np.asarray(monitor.t / ms)
        found[f"cv2_{name[0]}"] = irregularity(spikes, np.asarray(monitor.i), options.start)
        size = objects[name].N
        bins = np.histogram(spikes, bins=np.arange(options.start, options.duration + 1e-9, 5))[0]
        rates = bins / size / 5e-3
        found[f"nu_{name[0]}"] = float(rates.mean())
        found[f"sd5ms_{name[0]}"] = float(rates.std())
        found[f"last_spike_{name}"] = float(spikes.max()) if len(spikes) else 0.0
        traces = objects[f"traces {name}"]
        late = np.asarray(traces.t / ms) >= options.start
        V = np.asarray(traces.V / mV)[:, late]
        kept = (V != -65) & (V < -50)
        found[f"mean_V_{name}"] = float(V[kept].mean())
        found[f"sd_V_{name}"] = float(V[kept].std())
        for conductance in ("Ge", "Gi"):
            G = np.asarray(getattr(traces, conductance) / nS)[:, late]
            found[f"mean_{conductance}_{name}_nS"] = float(G.mean())
            found[f"sd_{conductance}_{name}_nS"] = float(G.std())
            found[f"sd_within_{conductance}_{name}_nS"] = float(G.std(axis=1).mean())
    return found


def irregularity(times, neurons, start):
    """Mean of 2|a - b|/(a + b) over successive intervals a, b of a cell: 1 for a Poisson process."""
    late = times >= start
    order = np.lexsort((times[late], neurons[late]))
    t, i = times[late][order], neurons[late][order]
    a, b = t[1:-1] - t[:-2], t[2:] - t[1:-1]
    same = (i[2:] == i[:-2])
    return float(np.mean((2 * abs(a - b) / (a + b))[same])) if same.any() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("mode", choices=["cython", "cpp_standalone"])
    parser.add_argument("--network", choices=list(NETWORKS), default="CONFIG1")
    parser.add_argument("--exc", choices=list(CELLS), default="RS-cell")
    parser.add_argument("--inh", choices=list(CELLS), default="FS-cell")
    parser.add_argument("--duration", type=float, default=1500, help="ms")
    parser.add_argument("--start", type=float, default=500, help="ms, of the statistics")
    parser.add_argument("--ramp", type=float, default=100, help="ms")
    parser.add_argument("--amplitude", type=float, default=0, help="Hz, of the waveform")
    parser.add_argument("--events", choices=["bernoulli", "poisson", "input"], default="bernoulli")
    parser.add_argument("--recorded", type=int, default=3)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=5, help="negative: another one every run (cpp_standalone)")
    parser.add_argument("--paced", action="store_true", help="wait for a line before each run")
    parser.add_argument("--statistics", action="store_true")
    options = parser.parse_args()
    {"cython": cython, "cpp_standalone": standalone}[options.mode](options)


def processor():
    """Seconds of processor time of this process and of those it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def measured(options, objects_of):
    """Does runs, each when a line comes from stdin if so asked, and tells of them."""
    for run in range(options.runs):
        if options.paced:
            print(json.dumps({"ready": True}), flush=True)
            if not sys.stdin.readline():
                return
        begin, used = time.perf_counter(), processor()
        objects = objects_of(run)
        told = {"seconds": time.perf_counter() - begin, "processor": processor() - used}
        if options.statistics:
            told.update(statistics(objects, options))
        print(json.dumps(told), flush=True)


def cython(options):
    b2.prefs.codegen.target = "cython"

    def simulate(run, duration):
        if options.seed >= 0:
            b2.seed(options.seed + run)
        whole, objects = network(options)
        whole.run(duration * ms)
        return objects

    simulate(0, 1)  # compiles
    measured(options, lambda run: simulate(run, options.duration))


def standalone(options):
    with tempfile.TemporaryDirectory() as directory:
        b2.set_device("cpp_standalone", directory=directory, build_on_run=False)
        if options.seed >= 0:
            b2.seed(options.seed)
        whole, objects = network(options)
        whole.run(options.duration * ms)
        b2.device.build(directory=directory, compile=True, run=False)

        def run_program(_):
            b2.device.run(directory, with_output=False, run_args=[])
            return objects

        measured(options, run_program)


if __name__ == "__main__":
    main()
