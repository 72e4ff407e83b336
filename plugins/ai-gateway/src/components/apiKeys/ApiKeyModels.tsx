/** The most models that are named in a row. */
const NAMED = 2;

/** Which models a key may call. */
export function ApiKeyModels(props: { modelScope: readonly string[] | null }) {
  const { modelScope } = props;
  if (modelScope === null) return <>Every model</>;
  const all = modelScope.join(', ');
  return modelScope.length <= NAMED ? (
    <>{all}</>
  ) : (
    <span title={all}>{modelScope.length} models</span>
  );
}
