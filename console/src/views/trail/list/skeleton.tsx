/** Placeholders for rows, so that nothing moves when these are loaded. */
export function Skeleton({ columns }: { columns: number }) {
  return (
    <div class="list-skeleton" aria-hidden="true">
      {Array.from({ length: 12 }, (_, row) => (
        <div class="list-row-bones" key={row}>
          {Array.from({ length: columns }, (_, column) => (
            <span class="list-bone" key={column} />
          ))}
        </div>
      ))}
    </div>
  );
}
