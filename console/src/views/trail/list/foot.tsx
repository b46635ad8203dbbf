import { Failure } from "../../../parts/failure";
import { Empty, Loading } from "../../../parts/states";
import { useConsole } from "../../../state/context";
import type { Trail } from "../../../state/trail";
import { texts } from "../../../texts";

/** What is below the loaded events: more on its way, the end, or why it does not go on. */
export function Foot({ trail }: { trail: Trail }) {
  const status = trail.status.value;
  const isEmpty = trail.items.value.length === 0;
  switch (status.kind) {
    case "loading":
      return (
        <div class="list-foot">
          {!isEmpty && <Loading />}
          <Partial trail={trail} />
        </div>
      );
    case "ready":
      return <div class="list-foot" />;
    case "paused":
      return (
        <div class="list-foot" role="status">
          <p>{texts.trail.paused}</p>
          <button type="button" class="button" onClick={() => trail.loadMore()}>
            {texts.trail.goOn}
          </button>
        </div>
      );
    case "failed":
      return <Failure error={status.error} retry={() => trail.loadMore()} />;
    case "ended":
      return isEmpty ? <EmptyList /> : <End />;
  }
}

function Partial({ trail }: { trail: Trail }) {
  const pages = trail.partialPages.value;
  return pages === 0 ? null : <p role="status">{texts.trail.partial(pages)}</p>;
}

function End() {
  const { navigation } = useConsole();
  const isAll = navigation.place.value.range.kind === "all";
  return (
    <p class="list-foot">{isAll ? texts.trail.ended.all : texts.trail.ended.range}</p>
  );
}

function EmptyList() {
  const { navigation } = useConsole();
  const { filters, range } = navigation.place.value;
  const isFiltered = Object.keys(filters).length > 0;
  const isRanged = range.kind !== "all";
  const { empty } = texts.trail;
  return (
    <Empty title={empty.title}>
      <p>{isFiltered ? empty.filtered : isRanged ? empty.bare : empty.none}</p>
      <p class="list-actions">
        {isRanged && (
          <button type="button" class="button" onClick={() => navigation.go({ range: { kind: "all" } })}>
            {empty.widen}
          </button>
        )}
        {isFiltered && (
          <button type="button" class="button" onClick={() => navigation.go({ filters: {} })}>
            {empty.unfilter}
          </button>
        )}
      </p>
    </Empty>
  );
}
