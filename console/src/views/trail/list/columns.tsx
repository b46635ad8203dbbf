import type { ComponentChild } from "preact";
import type { StoredEvent } from "../../../api/types";
import { formatNumber } from "../../../format";
import { Time } from "../../../parts/time";
import { readMasks } from "../../../state/masks";
import { DEFAULT_PREFERENCES } from "../../../state/preferences";
import { texts } from "../../../texts";
import { Text } from "./text";

export type ColumnName = keyof typeof texts.trail.columns;

interface Column {
  /** In rem: the least width, and what it gets of the rest. */
  readonly width: number;
  readonly share: number;
  readonly render: (event: StoredEvent, isCompact: boolean) => ComponentChild;
}

export const COLUMNS: Readonly<Record<ColumnName, Column>> = {
  time: { width: 11.5, share: 0, render: (event, isCompact) => renderTime(event.timestamp, isCompact) },
  actor: { width: 8, share: 2, render: renderActor },
  action: { width: 9, share: 2, render: (event) => <Text value={event.action} /> },
  resource: { width: 10, share: 3, render: renderResource },
  outcome: { width: 7, share: 0, render: (event) => <Outcome isGood={event.success} /> },
  ipAddress: {
    width: 8,
    share: 1,
    render: (event) => <Text value={event.ipAddress} isCode isMasked={isMasked(event, "ipAddress")} />,
  },
  requestId: { width: 8, share: 1, render: (event) => <Text value={event.requestId} isCode /> },
  sessionId: { width: 8, share: 1, render: (event) => <Text value={event.sessionId} isCode /> },
  traceId: { width: 10, share: 1, render: (event) => <Text value={event.traceId} isCode /> },
  actorType: { width: 6, share: 1, render: (event) => <Text value={event.actorType} /> },
  onBehalfOf: { width: 8, share: 1, render: (event) => <Text value={event.onBehalfOf?.userId} /> },
  targets: { width: 10, share: 2, render: renderTargets },
  error: { width: 10, share: 2, render: (event) => <Text value={event.errorMessage} /> },
  submitter: { width: 9, share: 2, render: (event) => <Text value={event.submittedBy} /> },
  tenant: { width: 6, share: 1, render: (event) => <Text value={event.tenantId} /> },
  received: { width: 11.5, share: 0, render: (event, isCompact) => renderTime(event.receivedAt, isCompact) },
};

export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];

/** Returns the columns of the preferences that exist, each once; the default ones if none does. */
export function readColumns(names: unknown): readonly ColumnName[] {
  const given: readonly unknown[] = Array.isArray(names) ? names : [];
  const known = [...new Set(given)].filter((name): name is ColumnName =>
    COLUMN_NAMES.some((each) => each === name),
  );
  return known.length > 0 ? known : (DEFAULT_PREFERENCES.columns as readonly ColumnName[]);
}

/** Returns the tracks of a row's grid, and the width that they need, in rem. */
export function makeTracks(columns: readonly ColumnName[]): { tracks: string; width: number } {
  const chosen = columns.map((name) => COLUMNS[name]);
  const tracks = chosen.map(({ width, share }) =>
    share === 0 ? `${width}rem` : `minmax(${width}rem, ${share}fr)`,
  );
  const gaps = columns.length + 1;
  return { tracks: tracks.join(" "), width: chosen.reduce((sum, each) => sum + each.width, gaps) };
}

function renderTime(value: string, isCompact: boolean): ComponentChild {
  return <Time value={value} form={isCompact ? "short" : "second"} />;
}

const isMasked = (event: StoredEvent, name: "username" | "ipAddress") => readMasks(event).has(`/${name}`, event[name]);

/** The actor by name, or by id if the name is masked; and whom it was for. */
function renderActor(event: StoredEvent): ComponentChild {
  const { userId, username, onBehalfOf } = event;
  const hidesName = isMasked(event, "username");
  return (
    <>
      <Text value={(hidesName ? userId : username) || userId || username} isMasked={hidesName && !userId} />
      {onBehalfOf && (
        <span class="list-quiet">
          {" "}
          {texts.trail.onBehalfOf} <Text value={onBehalfOf.userId} />
        </span>
      )}
    </>
  );
}

function renderResource({ resourceType, resourceId, targets = [] }: StoredEvent): ComponentChild {
  return (
    <>
      <span class="list-quiet">
        <Text value={resourceType} />
      </span>{" "}
      <Text value={resourceId} />
      {targets.length > 0 && <span class="list-quiet"> {texts.trail.moreTargets(formatNumber(targets.length))}</span>}
    </>
  );
}

function renderTargets({ targets = [] }: StoredEvent): ComponentChild {
  return <Text value={targets.map(({ type, id }) => `${type} ${id}`).join(", ") || undefined} />;
}

/** A sign and a word, so that it does not depend on the colour. */
function Outcome({ isGood }: { isGood: boolean }) {
  return (
    <span class={isGood ? "list-outcome" : "list-outcome list-outcome-bad"}>
      <span aria-hidden="true">{isGood ? "✓" : "✕"}</span>{" "}
      <span class="list-word">{isGood ? texts.trail.succeeded : texts.trail.failed}</span>
    </span>
  );
}
