"""Jobs on a Ray cluster of two nodes, of which one is lost."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from benchmarks.service.answering import Figures
from benchmarks.service.counting import counted
from benchmarks.service.holding import add, engine_document, is_over, new_database
from service.jobs.coordinator import Coordinator, CoordinatorSettings


def node_lost(smoke: bool) -> Figures:
    """Hand 100 jobs to two local nodes and kill one when half of them are done."""
    # Imported here: Ray need not be installed for the other cases. Ours first, see there.
    from optimizer.parallel.ray_cluster import RayExecutor  # noqa: I001, PLC0415
    from ray.cluster_utils import Cluster  # noqa: PLC0415

    number = 8 if smoke else 100
    document = engine_document()
    head = {"num_cpus": 1, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    other = cluster.add_node(num_cpus=1)
    executor = RayExecutor(cluster.address)
    with tempfile.TemporaryDirectory(prefix="hc-bench-") as folder:
        database = new_database(Path(folder))
        jobs = [add(database, document, seed, seconds=0.5) for seed in range(number)]
        coordinator = Coordinator(database, executor, CoordinatorSettings(drain_seconds=0))
        thread = threading.Thread(target=coordinator.run)
        began = time.perf_counter()
        thread.start()
        killed_after = None
        while (done := sum(is_over(database, job) for job in jobs)) < number:
            if killed_after is None and done >= number // 2:
                cluster.remove_node(other, allow_graceful=False)
                killed_after = done
            if time.perf_counter() - began > 300:
                break
            time.sleep(0.1)
        took = time.perf_counter() - began
        coordinator.stop()
        thread.join()
        count = counted(database, jobs, number)
        database.close()
    cluster.shutdown()
    return {
        "seconds": round(took, 1),
        "jobs": number,
        "done_at_kill": killed_after,
        "lost": count.lost,
        "double": count.double,
        "failed": count.failed,
        "begun_again": count.attempts - number,
        "slots": executor.slots,
        "valid": killed_after is not None and count.lost == count.double == count.failed == 0,
    }
