"""Each kind of work has its own threads and its own queue, in which organisations take turns."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from inspect import iscoroutinefunction

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match

from optimizer.errors import InternalError
from service.api.bulkheads import Bulkhead
from service.api.faults import TooBusy, TooManyRequests
from service.api.health import Health
from service.api.kept import ENTRY_BYTES, QUICK_BYTES, Kept
from service.api.matching import PlainRoute
from service.api.room import BYTES_PER_SECOND, Place, Room
from service.api.streams import Streams
from service.api.threads import BlockingRoute
from service.app import routers
from service.database.engine import Database
from tests.patience import LIMIT


class Work:
    """Calls that end when they are let go, and the order in which they began."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = threading.Event()

    def do(self, name: str) -> str:
        """Work until it is let go."""
        self.begun.append(name)
        assert self.may_end.wait(LIMIT)
        return name


async def until(happened: Callable[[], bool]) -> None:
    """Let others run until something has happened."""
    async with asyncio.timeout(LIMIT):
        while not happened():
            await asyncio.sleep(0)


def test_organisations_take_turns() -> None:
    """Whoever asks once is served before the second request of whoever asks a hundred times."""

    async def story() -> list[str]:
        work, head = Work(), Bulkhead(1, waiting_each=10)
        asked = [asyncio.create_task(head.run("A", work.do, f"A{n}")) for n in range(4)]
        await until(lambda: work.begun == ["A0"])
        asked.append(asyncio.create_task(head.run("B", work.do, "B0")))
        await asyncio.sleep(0)
        work.may_end.set()
        await asyncio.gather(*asked)
        return work.begun

    assert asyncio.run(story()) == ["A0", "A1", "B0", "A2", "A3"]


def test_a_queue_has_an_end() -> None:
    """One more than may wait is told to come back; the queue of others is not full."""

    async def story() -> None:
        work, head = Work(), Bulkhead(1, waiting_each=1)
        asked = [asyncio.create_task(head.run("A", work.do, f"A{n}")) for n in range(2)]
        await until(lambda: work.begun == ["A0"])
        with pytest.raises(TooBusy):
            await head.run("A", work.do, "A2")
        asked.append(asyncio.create_task(head.run("B", work.do, "B0")))
        work.may_end.set()
        assert await asyncio.gather(*asked) == ["A0", "A1", "B0"]

    asyncio.run(story())


def test_nobody_has_all_places_where_they_are_shared_out() -> None:
    """While one organisation waits for answers that do not come, another is served at once."""

    async def story() -> list[str]:
        slow, quick = Work(), Work()
        quick.may_end.set()
        head = Bulkhead(3, waiting_each=2, working_each=1)
        asked = [asyncio.create_task(head.run("A", slow.do, f"A{n}")) for n in range(3)]
        await until(lambda: slow.begun == ["A0"])
        served = [await head.run("B", quick.do, f"B{n}") for n in range(2)]
        assert slow.begun == ["A0"]
        slow.may_end.set()
        return served + await asyncio.gather(*asked)

    assert asyncio.run(story()) == ["B0", "B1", "A0", "A1", "A2"]


@pytest.mark.parametrize("gives_up", [True, False])
def test_nobody_waits_for_ever(gives_up: bool) -> None:
    """Whose patience is over, or who has gone, leaves no trace: the place is free afterwards."""

    async def story() -> None:
        work = Work()
        head = Bulkhead(1, waiting_each=1, patience=0 if gives_up else LIMIT)
        first = asyncio.create_task(head.run("A", work.do, "A0"))
        await until(lambda: work.begun == ["A0"])
        waiting = asyncio.create_task(head.run("A", work.do, "A1"))
        await asyncio.sleep(0)
        if not gives_up:
            waiting.cancel()
        with pytest.raises(TooBusy if gives_up else asyncio.CancelledError):
            await waiting
        work.may_end.set()
        await first
        assert await head.run("B", work.do, "B0") == "B0"
        assert work.begun == ["A0", "B0"]

    asyncio.run(story())


def test_a_failure_frees_its_place() -> None:
    """What a function raises is raised, and the next one has its turn."""

    def fail() -> None:
        raise InternalError

    async def story() -> str:
        head = Bulkhead(1, waiting_each=1)
        for _ in range(3):
            with pytest.raises(InternalError):
                await head.run("A", fail)
        return await head.run("A", str, "well")

    assert asyncio.run(story()) == "well"


@pytest.mark.parametrize("raised", [BaseException(), StopIteration()])
def test_whatever_is_raised_reaches_whoever_waits(raised: BaseException) -> None:
    """Also what no future takes, or what would end a thread: nobody waits for ever."""

    def fail() -> None:
        raise raised

    async def story() -> None:
        asked = asyncio.ensure_future(Bulkhead(1, waiting_each=1).run("A", fail))
        await asyncio.wait([asked], timeout=LIMIT)
        expected = InternalError if isinstance(raised, StopIteration) else type(raised)
        assert isinstance(asked.exception(), expected)

    asyncio.run(story())


def test_a_thread_has_one_errand_at_a_time() -> None:
    """Whoever gives up leaves a thread to its work, and nobody else is given one instead."""

    async def story() -> list[str]:
        work, head = Work(), Bulkhead(1, waiting_each=2)
        first = asyncio.create_task(head.run("A", work.do, "A0"))
        await until(lambda: work.begun == ["A0"])
        first.cancel()
        second = asyncio.create_task(head.run("A", work.do, "A1"))
        await asyncio.wait([first])
        assert work.begun == ["A0"]
        work.may_end.set()
        return [await second, *work.begun]

    assert asyncio.run(story()) == ["A1", "A0", "A1"]


def test_threads_end_with_what_they_worked_for() -> None:
    """A service that is gone leaves no threads behind, however many it had at once."""

    async def story() -> set[threading.Thread]:
        work, head = Work(), Bulkhead(9, waiting_each=9)
        asked = [asyncio.create_task(head.run("A", work.do, str(n))) for n in range(9)]
        await until(lambda: len(work.begun) == 9)
        mine = {
            thread for thread in threading.enumerate() if thread.name.startswith("bulkhead")
        } - before
        work.may_end.set()
        await asyncio.gather(*asked)
        return mine

    before = set(threading.enumerate())
    threads = asyncio.run(story())
    assert len(threads) == 9
    gc.collect()
    for thread in threads:
        thread.join(LIMIT)
    assert not any(thread.is_alive() for thread in threads)


def test_no_route_takes_a_thread_of_the_common_pool() -> None:
    """Every route and all it depends on are coroutines; what blocks has threads of its kind."""
    blocking = [
        f"{route.path}: {call.__qualname__}"
        for router in routers()
        for route in router.routes
        if isinstance(route, APIRoute)
        for call in calls(route)
        if not iscoroutinefunction(call) and not is_asynchronous_generator(call)
    ]
    assert blocking == []


def calls(route: APIRoute) -> list[Callable[..., object]]:
    """Return what is called for a route."""
    found, waiting = [], [route.dependant]
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        call = dependant.call
        assert call is not None
        known = iscoroutinefunction(call) or is_asynchronous_generator(call)
        found.append(call if known else getattr(call, "__call__", call))  # noqa: B004 (the method)
    return found


def is_asynchronous_generator(call: object) -> bool:
    """Return whether a call gives something for as long as it is needed."""
    return bool(getattr(getattr(call, "__code__", None), "co_flags", 0) & 0x200)


def test_every_route_says_at_once_that_it_is_not_meant() -> None:
    """A request is compared with the patterns of few routes, and found behind a proxy too."""
    routes = [route for router in routers() for route in router.routes]
    assert [route for route in routes if not isinstance(route, PlainRoute)] == []
    meant = [
        route.name
        for route in routes
        if isinstance(route, PlainRoute)
        for prefix in ("", "/care")
        if route.matches(
            {
                "type": "http",
                "method": "POST",
                "path": f"{prefix}/v1/solves/job_1/stop",
                "root_path": prefix,
            }
        )[0]
        is Match.FULL
    ]
    assert meant == ["stop", "stop"]


def test_a_blocking_route_names_its_caller() -> None:
    """Otherwise nobody knows whose turn it is: a defect that shows at once."""
    router = APIRouter(route_class=BlockingRoute)
    with pytest.raises(InternalError):
        router.get("/x")(lambda: None)


def test_what_was_worked_out_is_kept() -> None:
    """Many who ask at once are told what was worked out once; a failure is not kept."""

    async def story() -> list[str]:
        kept, worked = Kept(most_bytes=2 * ENTRY_BYTES + 30), []

        def asking(question: str, answer: bytes | None) -> Awaitable[bytes | None]:
            async def work_out() -> bytes | None:
                worked.append(question)
                await asyncio.sleep(0)
                return answer

            return kept.answer(question, work_out)

        assert await asyncio.gather(*(asking("a", b"12345") for _ in range(9))) == [b"12345"] * 9
        assert await asking("nothing", None) is None
        assert await asking("nothing", None) is None
        await asking("b", b"12345")
        await asking("a", b"12345")
        await asking("c", b"12345")  # There is room for two: b was asked for least lately.
        await asking("a", b"12345")
        await asking("b", b"12345")
        return worked

    assert asyncio.run(story()) == ["a", "nothing", "nothing", "b", "c", "b"]


def test_large_answers_are_kept_packed() -> None:
    """Many that repeat themselves, as documents do, fit into the room of one; all come back."""

    async def story() -> list[bytes | None]:
        kept = Kept(most_bytes=QUICK_BYTES)

        async def work_out() -> bytes:
            return next(made) * QUICK_BYTES

        made = iter([b"ab", b"cd", b"ef"])
        return [await kept.answer(number % 3, work_out) for number in range(6)]

    assert asyncio.run(story()) == [two * QUICK_BYTES for two in (b"ab", b"cd", b"ef")] * 2


@contextmanager
def place_in(room: Room, who: str) -> Iterator[Place]:
    """Give a place for a body, and leave it as the frame of its request does."""
    place = room.place(who)
    yield place
    place.leave()


def test_bodies_share_a_room() -> None:
    """What does not fit is told to come back; whoever leaves gives back all that was taken."""

    async def story() -> None:
        room = Room(10, each=10, patience=0.0)
        with place_in(room, "A") as one:
            await one.take(6)
            with place_in(room, "B") as other:
                await other.take(4)
                with pytest.raises(TooBusy):
                    await other.take(1)
            await one.take(4)
        with place_in(room, "C") as place:
            await place.take(10)

    asyncio.run(story())


def test_nobody_fills_the_room_for_bodies_alone() -> None:
    """However many bodies one organisation sends, there is as much room left for others."""

    async def story() -> list[int]:
        room = Room(100, each=10, patience=0.0)
        held: list[str] = []
        with ExitStack() as stack:
            for who in ("A", "B", "C"):
                before = len(held)
                with suppress(TooBusy):
                    while True:
                        await stack.enter_context(place_in(room, who)).take(5)
                        held.append(who)
                assert len(held) > before
        return [5 * held.count(who) for who in ("A", "B", "C")]

    assert asyncio.run(story()) == [50, 25, 10]


def test_large_bodies_are_not_read_faster_than_others_are_answered() -> None:
    """All of one organisation together have one speed; another's have their own."""
    now = 100.0
    room = Room(10**9, each=10**9, clock=lambda: now)
    second = BYTES_PER_SECOND
    assert [room.ahead("A", second), room.ahead("A", second)] == [1.0, 2.0]
    assert room.ahead("B", second) == 1.0
    now += 5.0
    assert room.ahead("A", second) == 1.0


def test_a_body_waits_for_room() -> None:
    """It is read on once another has gone."""

    async def story() -> bool:
        room = Room(10, each=10, patience=60.0)
        with place_in(room, "B") as waiting:
            with place_in(room, "A") as first:
                await first.take(10)
                taking = asyncio.create_task(waiting.take(10))
                await asyncio.sleep(0)
                assert not taking.done()
            await taking
        return taking.done()

    assert asyncio.run(story())


def test_the_database_is_asked_once_at_a_time(sqlite_database: Database) -> None:
    """However many ask how it is, one thread does; one that does not answer counts as away."""

    class Slow(Database):
        """A database that answers when it is let go."""

        pings = 0

        def __init__(self) -> None:
            self.may_answer = threading.Event()

        def ping(self) -> None:
            """Answer late."""
            self.pings += 1
            assert self.may_answer.wait(LIMIT)

        def is_migrated(self) -> bool:
            """Say so."""
            return True

    async def story() -> None:
        assert await Health(sqlite_database).look() == (True, True)
        slow = Slow()
        health = Health(slow, patience=0)
        assert await health.look() == (False, False)
        assert await health.look() == (False, False)
        slow.may_answer.set()
        await until(lambda: health._asking is not None and health._asking.done())
        assert slow.pings == 1

    asyncio.run(story())


def test_a_key_has_so_many_streams() -> None:
    """One more is refused by name; a stream that ends makes room."""
    streams = Streams(2)
    with streams.one("k"):
        with streams.one("k"), streams.one("other"):
            with pytest.raises(TooManyRequests) as caught, streams.one("k"):
                pass
            assert caught.value.limit == "streams_per_key"
        with streams.one("k"):
            pass
