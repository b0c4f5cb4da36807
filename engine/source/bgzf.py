"""BGZF, the block-wise gzip of bgzip, samtools and Illumina's bcl2fastq, several blocks at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from engine.errors import CompressedStreamError, InputError
from engine.source.bgzf_blocks import Batch, BlockCutter, Inflated, inflate
from engine.source.codec import GZIP
from engine.source.members import MemberSource
from engine.source.stored import StoredInput


class BgzfSource:
    """A BGZF file, decompressed by a few threads, which end with `close`.

    What comes before damage is handed out first, block by block. A file that goes on with gzip
    members of another kind is read to its end, from there on by one thread.

    The end: an empty block should end every BGZF file, and one that was cut between two blocks
    shows nothing but its absence. But bcl2fastq never wrote that block. A file without it is taken
    for whole only if its last block holds less text than each of the (up to 64) blocks before it,
    because writers fill their blocks and close one early where the text ends; a single block, if it
    is not a full one. Anything else is refused as truncated, and so is whatever has to have the
    marker (`require_marker`).

    Args:
        stored: the compressed bytes; closed with the source.
        threads: that decompress; 0: the one that reads does.
    """

    kind = "bgzf"

    def __init__(self, stored: StoredInput, threads: int = 2) -> None:
        self.position = 0
        self._stored = stored
        self._threads = threads
        self._has_begun = False
        self._cutter = BlockCutter(stored)
        self._is_cut = False
        self._pool: ThreadPoolExecutor | None = None
        self._pending: deque[Future[Inflated]] = deque()
        self._texts: Iterator[bytes] = iter(())
        self._text = memoryview(b"")
        self._failure: InputError | None = None
        self._rest: MemberSource | None = None
        self._rest_has_text = False

    @property
    def size(self) -> int | None:
        """Bytes of the compressed input, or ``None`` where that is not known."""
        return self._stored.size

    def require_marker(self) -> None:
        """Makes an absent end marker an error in any case, as fits BAM; heeded whenever the end is read (again)."""
        self._cutter.marker_required = True

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        if self._stored.is_closed:
            raise self._stored.broken_off()
        try:
            filled = self._copy_texts(target)
        except (CancelledError, RuntimeError) as error:
            if self._stored.is_closed:  # by another thread, just now
                raise self._stored.broken_off() from error
            raise
        if filled:
            return filled
        if self._failure is not None:
            raise self._failure
        return self._read_rest(target)

    def _copy_texts(self, target: memoryview) -> int:
        filled = 0
        while filled < len(target) and (self._text or self._next_text(wait=not filled)):
            count = min(len(target) - filled, len(self._text))
            target[filled : filled + count] = self._text[:count]
            self._text = self._text[count:]
            filled += count
        return filled

    def _next_text(self, *, wait: bool) -> bool:
        """Takes the next block's text in hand; false at the end, at a fault, or where one would have to wait."""
        while True:
            for text in self._texts:
                if text:
                    self._text = memoryview(text)
                    return True
            if not wait and not (self._pending and self._pending[0].done()):
                return False
            inflated = self._next_inflated()
            if inflated is None:
                return False
            self.position = inflated.end
            self._texts = iter(inflated.texts)
            if inflated.damaged is not None:
                self._give_up(inflated.damaged)

    def _next_inflated(self) -> Inflated | None:
        # Many a file ends within the first batch, and a look at a file needs no more: no threads for these.
        if not self._threads or not self._has_begun:
            self._has_begun = True
            batch = self._cut()
            return inflate(batch) if batch else None
        self._read_ahead()
        return self._pending.popleft().result() if self._pending else None

    def _read_ahead(self) -> None:
        """Keeps the threads busy, as long as the input does not make anyone wait."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "lanescope bgzf")
        while len(self._pending) < 2 * self._threads + 2 and (not self._pending or self._stored.ready()):
            batch = self._cut()
            if batch is None:
                break
            self._pending.append(self._pool.submit(inflate, batch))

    def _cut(self) -> Batch | None:
        """The next batch; ``None`` at the end, at a fault, or before a foreign member."""
        batch: Batch | None = None
        if not self._is_cut:
            try:
                batch = self._cutter.next_batch()
            except InputError as error:
                self._failure = error
            self._is_cut = batch is None
        return batch

    def _read_rest(self, target: memoryview) -> int:
        """What follows the blocks."""
        if not self._cutter.at_foreign:
            self._cutter.check_marker()
            return 0
        if self._rest is None:
            self._rest = MemberSource(self._stored, GZIP)
        count = self._rest.read_into(target)
        self.position = self._rest.position
        if count:
            self._rest_has_text = True
        elif not self._rest_has_text:  # only padding
            self._cutter.check_marker()
        return count

    def _give_up(self, offset: int) -> None:
        """Ends at a damaged block."""
        self._failure = CompressedStreamError(
            f"{self._stored.name}: the compressed block that begins at byte {offset:,} of the file is corrupt.",
            path=self._stored.path,
            offset=offset,
        )
        self._is_cut = True
        for waiting in self._pending:
            waiting.cancel()
        self._pending.clear()

    def close(self) -> None:
        """See `ByteSource.close`; returns when the threads have ended, after some milliseconds."""
        self._stored.close()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
