import type { ComponentChildren } from "preact";
import type { StoredEvent } from "../../api/types";
import { formatDuration } from "../../format";
import { revealText } from "../../parts/characters";
import { CopyButton } from "../../parts/copy";
import { Link } from "../../parts/link";
import { Masked } from "../../parts/masked";
import { Time } from "../../parts/time";
import { Untrusted } from "../../parts/untrusted";
import { readMasks } from "../../state/masks";
import { texts } from "../../texts";
import { Fact, Group } from "./fact";
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
  return (
    <Section title={texts.event.overview}>
      <Actor event={event} tenantId={tenantId} />
      <Resources event={event} tenantId={tenantId} />
      <Group name={groups.outcome}>
        <Fact name={fields.success}>
          <Outcome success={event.success} />
        </Fact>
        <Fact name={fields.errorMessage} text={event.errorMessage} />
      </Group>
      <Times event={event} />
      <Origin event={event} tenantId={tenantId} />
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

/** Returns a function that makes the link of a pivot, if the event has this pivot. */
function makePivotLinks({ event, tenantId }: Props): (name: PivotName) => ComponentChildren {
  const pivots = new Map(listPivots(event).map((pivot) => [pivot.name, pivot]));
  return (name) => {
    const pivot = pivots.get(name);
    return pivot && <PivotLink pivot={pivot} tenantId={tenantId} />;
  };
}

function Actor({ event, tenantId }: Props) {
  const link = makePivotLinks({ event, tenantId });
  const masks = readMasks(event);
  const { username, onBehalfOf } = event;
  const other = onBehalfOf?.username;
  return (
    <Group name={groups.who}>
      <Fact name={fields.username} text={username} isMasked={masks.has("/username", username)} />
      <Fact name={fields.userId} text={event.userId} absent={texts.event.absent} pivot={link("user")} />
      <Fact name={fields.actorType} text={event.actorType} pivot={link("actorType")} />
      <Fact name={fields.onBehalfOf} text={onBehalfOf?.userId} pivot={link("behalf")}>
        {other !== undefined && (
          <div class="event-name">
            {masks.has("/onBehalfOf/username", other) ? <Masked text={other} /> : <Untrusted text={other} />}
          </div>
        )}
      </Fact>
      <Submitter event={event} />
    </Group>
  );
}

function Resources({ event, tenantId }: Props) {
  const link = makePivotLinks({ event, tenantId });
  const targets = event.targets ?? [];
  return (
    <Group name={groups.what}>
      <Fact name={fields.action} text={event.action} />
      <Fact name={fields.resourceType} text={event.resourceType} />
      <Fact name={fields.resourceId} text={event.resourceId} pivot={link("resource")} />
      {targets.length > 0 && (
        <Fact name={fields.targets}>
          <ul class="event-targets">
            {targets.map((_, at) => (
              <TargetItem key={at} event={event} at={at} />
            ))}
          </ul>
        </Fact>
      )}
    </Group>
  );
}

/** A further resource, with a link to its events. They are not counted: there can be twenty of them. */
function TargetItem({ event, at }: { readonly event: StoredEvent; readonly at: number }) {
  const target = event.targets?.[at];
  if (target === undefined) return null;
  const { type, id, name } = target;
  const filters = { resourceType: type, resourceId: id };
  return (
    <li>
      <span class="event-quiet">
        <Untrusted text={type} line />
      </span>{" "}
      <Untrusted text={id} />{" "}
      {name !== undefined &&
        (readMasks(event).has(`/targets/${at}/name`, name) ? <Masked text={name} /> : <Untrusted text={name} />)}
      <Link
        class="event-pivot"
        label={texts.event.pivotTarget(revealText(`${type} ${id}`))}
        to={{ view: "trail", filters, range: { kind: "all" }, eventId: null }}
      >
        <span aria-hidden="true">→</span>
      </Link>
    </li>
  );
}

function Origin({ event, tenantId }: Props) {
  const link = makePivotLinks({ event, tenantId });
  const masks = readMasks(event);
  const { ipAddress, userAgent, traceId } = event;
  return (
    <Group name={groups.where}>
      <Fact
        name={fields.ipAddress}
        text={ipAddress}
        absent={texts.event.absent}
        isMasked={masks.has("/ipAddress", ipAddress)}
        pivot={link("address")}
        isCode
      />
      <Fact name={fields.userAgent} text={userAgent} isMasked={masks.has("/userAgent", userAgent)} />
      <Fact name={fields.sessionId} text={event.sessionId} pivot={link("session")} isCode />
      <Fact name={fields.requestId} text={event.requestId} pivot={link("request")} isCode />
      <Fact
        name={fields.traceId}
        text={traceId}
        isCode
        pivot={
          traceId && (
            <span class="event-pivots">
              <CopyButton text={traceId} label={texts.event.copyTrace} isIcon />
              {link("trace")}
            </span>
          )
        }
      />
    </Group>
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
