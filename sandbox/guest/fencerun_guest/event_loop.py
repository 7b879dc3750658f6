"""An asyncio event loop without sockets: timers and tasks only, waiting by `time.sleep`."""

import asyncio
import time


class _Selector:
    def select(self, timeout=None):
        if timeout is None:
            # Nothing can ever wake the loop. `python3` would wait until it is killed, and so do we.
            while True:
                time.sleep(3600)
        if timeout > 0:
            time.sleep(timeout)
        return []

    def close(self):
        pass


class EventLoop(asyncio.base_events.BaseEventLoop):
    """The default event loop of the sandbox."""

    def __init__(self):
        super().__init__()
        self._selector = _Selector()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass


def install() -> None:
    """Makes it what `asyncio.run` uses."""
    for name in ("_DefaultEventLoopPolicy", "_UnixDefaultEventLoopPolicy"):
        policy = getattr(asyncio.unix_events, name, None)
        if policy is not None:
            policy._loop_factory = EventLoop
    asyncio.EventLoop = EventLoop
