"""The one writer of a process: what conversations want stored meanwhile is one transaction."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.errors import StorageUnavailableError
from backend.store.database import FAULTS, for_writing, open_file, reason_of
from backend.store.rows import Written
from backend.store.schema import CHANGES, FEEDBACK

_log = structlog.get_logger()

_UNAVAILABLE: Final = "The conversation can not be stored just now; send it again soon."
_ELSEWHERE: Final = "This conversation is no longer stored, or has gone on elsewhere."

_CONVERSATION: Final = (
    "INSERT INTO conversations (token_hash, session_id, as_of, identity, mode, visit, touched_at)"
    " VALUES (:token_hash, :session_id, :as_of, :identity, :mode, :visit, :touched_at)"
    " ON CONFLICT (token_hash) DO NOTHING"
)
_PROMPT: Final = (
    "INSERT INTO prompts (prompt_id, text, saved_at) VALUES (:prompt_id, :text, :saved_at)"
    " ON CONFLICT (prompt_id) DO UPDATE SET saved_at = excluded.saved_at"
)
_DROP: Final = "DELETE FROM {table} WHERE token_hash = :token_hash AND seq = :seq AND at = :at"
_TOUCH: Final = "UPDATE conversations SET touched_at = :touched_at WHERE token_hash = :token_hash"


class GoneElsewhereError(StorageUnavailableError):
    """Something stands where the rows belong: the attempt left nothing, and none will succeed."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is stored whole or not at all.

    Attributes:
        conversation: the row of a conversation that may not be there yet.
        prompts: the rows of prompts that may not be there yet.
        touch: the conversation that somebody came back to, and when.
        doubtful: rows of earlier attempts. An attempt that failed may have left them there all
            the same, and then they go first.
        changes, feedback: rows to add.
    """

    conversation: Written | None = None
    prompts: Sequence[Written] = ()
    touch: Written | None = None
    doubtful: Sequence[Written] = ()
    changes: Sequence[Written] = ()
    feedback: Sequence[Written] = ()

    def again(self) -> "Job":
        """Return the job for another attempt, whether or not this one left something."""
        return replace(self, doubtful=(*self.doubtful, *self.changes, *self.feedback))


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Job
    done: asyncio.Future[None] = field(default_factory=asyncio.Future)


class Writer:
    """Writes jobs in the order in which they came, all that are waiting at once."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = for_writing(engine)
        sqlite = engine.dialect.name == "sqlite"
        self._file = open_file(engine.url) if sqlite else None
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def write(self, job: Job) -> None:
        """Write a job, and return when it is committed.

        Raises:
            GoneElsewhereError: it was not, and never will be.
            StorageUnavailableError: it was not, or nobody knows whether it was.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        waiting = _Waiting(job)
        self._queue.put_nowait(waiting)
        await waiting.done

    async def close(self) -> None:
        """Write what is waiting, and stop."""
        if self._task is not None:
            await self._queue.join()
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        if self._file is not None:
            self._file.dispose()

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                await self._write(batch)
            finally:
                for one in batch:
                    _refuse(
                        one, StorageUnavailableError(_UNAVAILABLE)
                    )  # whoever was answered already is not
                    self._queue.task_done()

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            await self._commit([one.job for one in batch])
        except IntegrityError:
            await self._write_each(batch)
        except FAULTS as error:
            _log.warning("store.unavailable", reason=reason_of(error))
            for one in batch:
                _refuse(one, StorageUnavailableError(_UNAVAILABLE))
        else:
            for one in batch:
                if not one.done.done():
                    one.done.set_result(None)

    async def _write_each(self, batch: Sequence[_Waiting]) -> None:
        # one of them is at fault; the others shall not suffer for it
        if len(batch) == 1:
            _refuse(batch[0], GoneElsewhereError(_ELSEWHERE))
            return
        for one in batch:
            await self._write([one])

    async def _commit(self, jobs: Sequence[Job]) -> None:
        try:
            await self._attempt(jobs)
        except DBAPIError as error:
            # the server was started anew, and the pool's connections are dead
            if not error.connection_invalidated:
                raise
            await self._attempt([job.again() for job in jobs])

    async def _attempt(self, jobs: Sequence[Job]) -> None:
        if self._file is not None:
            # one change of threads, where the asynchronous driver makes one a call of its own
            await asyncio.to_thread(_write_file, self._file, jobs)
            return
        async with self._engine.begin() as connection:
            await connection.run_sync(_write_jobs, jobs)


def _write_file(file: Engine, jobs: Sequence[Job]) -> None:
    with file.begin() as connection:
        _write_jobs(connection, jobs)


def _refuse(waiting: _Waiting, error: StorageUnavailableError) -> None:
    if not waiting.done.done():
        waiting.done.set_exception(error)


def _write_jobs(connection: Connection, jobs: Sequence[Job]) -> None:
    doubtful = [
        {name: row[name] for name in ("token_hash", "seq", "at")}
        for job in jobs
        for row in job.doubtful
    ]
    if doubtful:
        connection.execute(text(_DROP.format(table="changes")), doubtful)
        connection.execute(text(_DROP.format(table="feedback")), doubtful)
    rows = [job.conversation for job in jobs if job.conversation]
    if rows:
        connection.execute(text(_CONVERSATION), rows)
    touched = [job.touch for job in jobs if job.touch]
    if touched:
        connection.execute(text(_TOUCH), touched)
    prompts = {row["prompt_id"]: row for job in jobs for row in job.prompts}
    if prompts:
        connection.execute(text(_PROMPT), list(prompts.values()))
    changes = [row for job in jobs for row in job.changes]
    if changes:
        connection.execute(insert(CHANGES), changes)
    feedback = [row for job in jobs for row in job.feedback]
    if feedback:
        connection.execute(insert(FEEDBACK), feedback)
