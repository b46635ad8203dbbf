"""How the rows of a plan are read: partition after partition, or merged in the order of ids."""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from prooftrail.event.keys import Index
from prooftrail.query.filters import QueryPlan
from prooftrail.query.ports import EMPTY_RANGE, IdRange, Row, RowReader

ROWS_PER_READ: Final = 1_000
ROW_BUDGET: Final = 2_000
CALL_BUDGET: Final = 60  # after the first call of each partition


def read_all_rows(reader: RowReader, plan: QueryPlan) -> Iterator[Sequence[Row]]:
    """Yield all rows of a plan in batches: one partition after the other, each in ascending order.

    Raises:
        StoreUnavailableError, StoreRejectedError: see `RowReader`.
    """
    for index, partition in _list_partitions(plan):
        rest = plan.id_range
        while not rest.is_empty:
            batch = reader.read_rows(index, partition, rest, descending=False, limit=ROWS_PER_READ)
            yield batch.rows
            if batch.is_last:
                break
            rest = rest.after(batch.rows[-1].id, descending=False)


def _list_partitions(plan: QueryPlan) -> list[tuple[Index, str]]:
    return [
        *((plan.index, partition) for partition in plan.partitions),
        *((Index.REFERENCES, partition) for partition in plan.references),
    ]


@dataclass(slots=True)
class _Partition:
    """The state of one partition in the merge.

    It has its share of the rows that are wanted: all of them (1) or one of so many parts. `rest` is
    the range that was not read, `read_size` is how many rows the next read asks for, and `buffer`
    has the rows that were read and not yet taken.
    """

    index: Index
    key: str
    share: int
    rest: IdRange
    read_size: int
    buffer: deque[Row] = field(default_factory=deque)


class MergedRows:
    """The rows of a plan, merged from its partitions in the order of ids, within a budget.

    It reads only a little more than is taken. The first read of each partition of the index asks
    for its even share of the `wanted` rows and two standard deviations more, so that it is seldom
    too small. References may be all of the wanted rows or none. If the filters may refuse rows,
    each later read asks for twice as many.
    """

    def __init__(
        self,
        reader: RowReader,
        plan: QueryPlan,
        id_range: IdRange,
        *,
        descending: bool,
        wanted: int,
    ) -> None:
        self._reader = reader
        self._is_exact = plan.is_exact
        self._descending = descending
        self._wanted = wanted
        self._partitions: list[_Partition] = []
        for index, key in _list_partitions(plan):
            share = 1 if index is Index.REFERENCES else len(plan.partitions)
            read_size = estimate_read_size(wanted, share)
            self._partitions.append(_Partition(index, key, share, id_range, read_size))
        self._calls_left = CALL_BUDGET + len(self._partitions)
        self._taken = 0
        self.position = id_range.lowest

    @property
    def is_exhausted(self) -> bool:
        """Whether every row was taken."""
        return all(each.rest.is_empty and not each.buffer for each in self._partitions)

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows in order until the budget is spent, at least one if there is one.

        `position` is the id of the last row: all rows up to it were yielded, of every partition.

        Raises:
            StoreUnavailableError, StoreRejectedError: see `RowReader`.
        """
        for partition in self._partitions:
            self._fill(partition)
        choose = max if self._descending else min
        while candidates := [each for each in self._partitions if each.buffer]:
            partition = choose(candidates, key=lambda each: each.buffer[0].id)
            row = partition.buffer.popleft()
            self._taken += 1
            self.position = row.id
            yield row
            # All rows of one id are taken together: the next page begins after the id.
            is_split = any(each.buffer and each.buffer[0].id == row.id for each in candidates)
            if not is_split and not self._refill():
                return

    def _refill(self) -> bool:
        """Read on where a partition has no row left; return whether the budget allows to go on."""
        if self._taken >= ROW_BUDGET:
            return False
        for partition in self._partitions:
            if not partition.buffer and not partition.rest.is_empty:
                if self._calls_left <= 0:
                    return False
                partition.read_size = self._choose_read_size(partition)
                self._fill(partition)
        return True

    def _choose_read_size(self, partition: _Partition) -> int:
        if self._is_exact:
            return estimate_read_size(max(self._wanted - self._taken, 1), partition.share)
        last = partition.read_size
        return max(last, min(2 * last, ROW_BUDGET // (2 * partition.share)))

    def _fill(self, partition: _Partition) -> None:
        if partition.rest.is_empty:
            return
        batch = self._reader.read_rows(
            partition.index,
            partition.key,
            partition.rest,
            descending=self._descending,
            limit=partition.read_size,
        )
        self._calls_left -= 1
        partition.buffer.extend(batch.rows)
        if batch.is_last:
            partition.rest = EMPTY_RANGE
        else:
            last_id = batch.rows[-1].id
            partition.rest = partition.rest.after(last_id, descending=self._descending)


def estimate_read_size(wanted: int, partitions: int) -> int:
    """Return how many rows to read of each partition so that it probably has its share of `wanted`.

    >>> estimate_read_size(50, 1), estimate_read_size(50, 4)
    (51, 21)
    """
    if partitions == 1:
        return wanted + 1
    mean = wanted / partitions
    return math.ceil(mean + 2 * math.sqrt(mean)) + 1
