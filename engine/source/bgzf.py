"""BGZF, the block-wise gzip of bgzip, samtools and Illumina's bcl2fastq, several blocks at a time."""

from __future__ import annotations

from concurrent.futures import CancelledError

from engine.errors import CompressedStreamError, InputError
from engine.source.bgzf_blocks import Batch, BlockCutter
from engine.source.bgzf_inflate import Inflaters, Piece, inflate, text_length
from engine.source.codec import GZIP
from engine.source.members import MemberSource
from engine.source.stored import StoredInput

_PIECE_BLOCKS = 8  # half a megabyte of text: small beside a batch, so that the threads end together


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
        threads: that decompress beside the one that reads.
    """

    kind = "bgzf"

    def __init__(self, stored: StoredInput, threads: int = 2) -> None:
        self.position = 0
        self._stored = stored
        self._inflaters = Inflaters(threads)
        self._cutter = BlockCutter(stored)
        self._is_cut = False
        # Blocks that are cut, those from `_next` on not yet decompressed.
        self._batch: Batch | None = None
        self._next = 0
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
            filled = self._hand_out(target) or self._inflate(target)
        except (CancelledError, RuntimeError) as error:
            if self._stored.is_closed:  # by another thread, just now
                raise self._stored.broken_off() from error
            raise
        if filled:
            return filled
        if self._failure is not None:
            raise self._failure
        return self._read_rest(target)

    def _hand_out(self, target: memoryview) -> int:
        """What is left of a block that was too large for the last target."""
        count = min(len(target), len(self._text))
        target[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def _inflate(self, target: memoryview) -> int:
        """The text of the next blocks; 0 at the end, or at a fault."""
        while True:
            filled = 0
            pieces = self._pieces(target)
            self._inflaters.inflate(pieces)
            for piece in pieces:
                filled += piece.filled
                self.position = piece.end
                if piece.damaged is not None:
                    self._give_up(piece.damaged)
                    break
            if filled:
                return filled
            if not pieces:
                if self._batch is None:
                    return 0
                self._text = self._one_block(self._batch)
                if self._text:
                    return self._hand_out(target)

    def _pieces(self, target: memoryview) -> list[Piece]:
        """Where the text of the next blocks goes, as far as there is room and nobody has to wait for the input."""
        pieces: list[Piece] = []
        room = target
        while (self._has_blocks or not pieces or self._stored.ready()) and self._take_batch():
            batch = self._batch
            assert batch is not None  # noqa: S101 - it was just taken
            first, length = self._next, 0
            while self._next < min(len(batch.edges) - 1, first + _PIECE_BLOCKS):
                more = text_length(batch.data, batch.edges[self._next + 1])
                if length + more > len(room):
                    break
                length += more
                self._next += 1
            if self._next == first:
                break
            pieces.append(_piece(batch, first, self._next, room[:length]))
            room = room[length:]
        return pieces

    def _one_block(self, batch: Batch) -> memoryview:
        """The text of the next block, for a target that is too small for it."""
        target = bytearray(text_length(batch.data, batch.edges[self._next + 1]))
        piece = _piece(batch, self._next, self._next + 1, memoryview(target))
        self._next += 1
        inflate(piece)
        self.position = piece.end
        if piece.damaged is not None:
            self._give_up(piece.damaged)
        return memoryview(target)[: piece.filled]

    @property
    def _has_blocks(self) -> bool:
        return self._batch is not None and self._next < len(self._batch.edges) - 1

    def _take_batch(self) -> bool:
        """Whether there are blocks in hand, if need be newly cut."""
        if not self._has_blocks:
            self._batch, self._next = self._cut(), 0
        return self._batch is not None

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
        self._batch = None

    def close(self) -> None:
        """See `ByteSource.close`; returns when the threads have ended, after some milliseconds."""
        self._stored.close()
        self._inflaters.close()


def _piece(batch: Batch, first: int, last: int, target: memoryview) -> Piece:
    """The blocks first .. last - 1."""
    start, stop = batch.edges[first], batch.edges[last]
    edges = [edge - start for edge in batch.edges[first : last + 1]]
    return Piece(batch.data[start:stop], edges, batch.offset + start, target)
