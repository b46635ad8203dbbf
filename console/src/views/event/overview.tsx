import type { ComponentChildren } from "preact";
import type { StoredEvent } from "../../api/types";
import { formatDuration } from "../../format";
import { Time } from "../../parts/time";
import { Untrusted } from "../../parts/untrusted";
import { texts } from "../../texts";
import { Outcome } from "./outcome";
import { PivotLink } from "./pivot-link";
import { listPivots, type PivotName } from "./pivots";
import { Section } from "./section";
import { explainSubmitter } from "./submitter";

interface Props {
  readonly event: StoredEvent;
  readonly tenantId: string;
}

const { fields, groups } = texts.event;
/** A gap between the event and its receipt that is worth words. */
const GAP_MS = 60_000;

/** Who did what, how it ended, when and from where. */
export function Overview({ event, tenantId }: Props) {
  const pivots = new Map(listPivots(event).map((pivot) => [pivot.name, pivot]));
  const link = (name: PivotName) => {
    const pivot = pivots.get(name);
    return pivot && <PivotLink pivot={pivot} tenantId={tenantId} />;
  };
  return (
    <Section title={texts.event.overview}>
      <Group name={groups.who}>
        {event.username && <Fact name={fields.username} text={event.username} />}
        <Fact name={fields.userId} text={event.userId} absent={texts.event.absent} pivot={link("user")} />
        <Submitter event={event} />
      </Group>
      <Group name={groups.what}>
        <Fact name={fields.action} text={event.action} />
        <Fact name={fields.resourceType} text={event.resourceType} />
        <Fact name={fields.resourceId} text={event.resourceId} pivot={link("resource")} />
      </Group>
      <Group name={groups.outcome}>
        <Fact name={fields.success}>
          <Outcome success={event.success} />
        </Fact>
        <Fact name={fields.errorMessage} text={event.errorMessage} />
      </Group>
      <Times event={event} />
      <Group name={groups.where}>
        <Fact name={fields.ipAddress} text={event.ipAddress} absent={texts.event.absent} pivot={link("address")} isCode />
        <Fact name={fields.userAgent} text={event.userAgent} />
        <Fact name={fields.sessionId} text={event.sessionId} pivot={link("session")} isCode />
        <Fact name={fields.requestId} text={event.requestId} pivot={link("request")} isCode />
      </Group>
      <Group name={groups.record}>
        <Fact name={fields.id} text={event.id} isCode />
        <Fact name={fields.eventId} text={event.eventId} isCode />
        <Fact name={fields.tenantId} text={event.tenantId} isCode />
        <Fact name={fields.digest} text={event.digest} isCode />
        <Fact name={fields.v} text={String(event.v)} isCode />
      </Group>
    </Section>
  );
}

interface GroupProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

function Group({ name, children }: GroupProps) {
  return (
    <div class="event-group">
      <h4>{name}</h4>
      <dl>{children}</dl>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly text?: string | undefined;
  /** What to say if there is no text; without it, the fact is left out. */
  readonly absent?: string;
  readonly isCode?: boolean;
  readonly pivot?: ComponentChildren;
  readonly children?: ComponentChildren;
}

function Fact({ name, text, absent, isCode = false, pivot, children }: FactProps) {
  if (text === undefined && absent === undefined && !children) return null;
  return (
    <div class="event-fact">
      <dt>{name}</dt>
      <dd>
        <div class={isCode ? "event-value event-code" : "event-value"}>
          {text === undefined ? <span class="event-quiet">{absent}</span> : <Untrusted text={text} />}
          {children}
        </div>
        {pivot}
      </dd>
    </div>
  );
}

function Submitter({ event }: { readonly event: StoredEvent }) {
  const { submitters } = texts.event;
  const { submittedBy } = event;
  return (
    <Fact name={fields.submittedBy} text={submittedBy} absent={submitters.absent}>
      <p class="event-why">{submittedBy ? explainSubmitter(submittedBy) : submitters.absentWhy}</p>
    </Fact>
  );
}

function Times({ event }: { readonly event: StoredEvent }) {
  const gap = Date.parse(event.receivedAt) - Date.parse(event.timestamp);
  return (
    <Group name={groups.when}>
      <Instant name={fields.timestamp} value={event.timestamp} />
      <Instant name={fields.receivedAt} value={event.receivedAt}>
        {Math.abs(gap) > GAP_MS && <p class="event-gap">{describeGap(gap)}</p>}
      </Instant>
    </Group>
  );
}

interface InstantProps {
  readonly name: string;
  readonly value: string;
  readonly children?: ComponentChildren;
}

function Instant({ name, value, children }: InstantProps) {
  return (
    <Fact name={name}>
      <Time value={value} /> <span class="event-code event-instant">{value}</span>
      {children}
    </Fact>
  );
}

function describeGap(gapMs: number): string {
  const duration = formatDuration(Math.abs(gapMs));
  return gapMs > 0 ? texts.event.receivedAfter(duration) : texts.event.receivedBefore(duration);
}
