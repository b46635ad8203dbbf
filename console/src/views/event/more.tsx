import { formatNumber } from "../../format";
import { texts } from "../../texts";

interface Props {
  readonly count: number;
  readonly onMore: () => void;
}

/** Shows more rows of a list that is cut. */
export function MoreRows({ count, onMore }: Props) {
  return (
    <button type="button" class="event-more" onClick={onMore}>
      {texts.event.moreRows(formatNumber(count))}
    </button>
  );
}
