"""How the rows of a plan are read: partition after partition, or merged in the order of ids."""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

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
    for partition in plan.partitions:
        rest = plan.id_range
        while not rest.is_empty:
            batch = reader.read_rows(
                plan.index, partition, rest, descending=False, limit=ROWS_PER_READ
            )
            yield batch.rows
            if batch.is_last:
                break
            rest = rest.after(batch.rows[-1].id, descending=False)


class _Partition:
    """The state of one partition in the merge.

    `buffer` holds the rows that were read and not yet taken, `rest` is the range that was not read,
    and `read_size` is how many rows the next read asks for.
    """

    def __init__(self, key: str, rest: IdRange, read_size: int) -> None:
        self.key = key
        self.rest = rest
        self.read_size = read_size
        self.buffer: deque[Row] = deque()


class MergedRows:
    """The rows of a plan, merged from its partitions in the order of ids, within a budget.

    It reads only a little more than is taken. The first read of each partition asks for its even
    share of the `wanted` rows and two standard deviations more, so that it is seldom too small. If
    the filters may refuse rows, each later read asks for twice as many.
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
        self._plan = plan
        self._descending = descending
        self._wanted = wanted
        read_size = estimate_read_size(wanted, len(plan.partitions))
        self._partitions = [_Partition(key, id_range, read_size) for key in plan.partitions]
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
            if self._taken >= ROW_BUDGET:
                return
            if not partition.buffer and not partition.rest.is_empty:
                if self._calls_left <= 0:
                    return
                partition.read_size = self._choose_read_size(partition.read_size)
                self._fill(partition)

    def _choose_read_size(self, last: int) -> int:
        count = len(self._partitions)
        if self._plan.is_exact:
            return estimate_read_size(max(self._wanted - self._taken, 1), count)
        return max(last, min(2 * last, ROW_BUDGET // (2 * count)))

    def _fill(self, partition: _Partition) -> None:
        if partition.rest.is_empty:
            return
        batch = self._reader.read_rows(
            self._plan.index,
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
