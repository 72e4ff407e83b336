import { decodeCursor } from '../cursor';
import type { RequestLogSearch } from '../RequestLogStore';
import { SELECT_SUMMARY } from './requestLogRow';

/** A query and the values that the server binds into it. */
export interface BoundQuery {
  readonly sql: string;
  readonly parameters: Readonly<
    Record<string, string | number | readonly string[]>
  >;
}

const TIME = (parameter: string) =>
  `fromUnixTimestamp64Milli({${parameter}:Int64}, 'UTC')`;

/**
 * Every condition that a search can have: its text is constant, its values are bound. Columns are named with their table, since the
 * names of what is selected would else stand for them.
 */
const CONDITIONS = {
  modelId: 'request_logs.model_id = {modelId:String}',
  apiKeyId: 'request_logs.api_key_id = {apiKeyId:String}',
  ownerRef: 'request_logs.owner_ref = {ownerRef:String}',
  outcome: 'request_logs.outcome = {outcome:String}',
  errorCode: 'request_logs.error_code = {errorCode:String}',
  requestIdContains:
    'position(request_logs.request_id, {requestIdContains:String}) > 0',
} as const;

/** @throws InputError when the cursor is not valid */
export function searchSql(search: RequestLogSearch): BoundQuery {
  const parameters: Record<string, string | number | readonly string[]> = {
    projectIds: search.projectIds,
    from: search.from,
    to: search.to,
    // One more than the page holds tells whether there is a next page.
    limit: search.limit + 1,
  };
  const where: string[] = [
    'request_logs.project_id IN {projectIds:Array(String)}',
    `request_logs.occurred_at >= ${TIME('from')}`,
    `request_logs.occurred_at < ${TIME('to')}`,
  ];
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const value = search[name as keyof typeof CONDITIONS];
    if (value === undefined) continue;
    parameters[name] = value;
    where.push(condition);
  }
  if (search.statusClass !== undefined) {
    parameters.statusClass = Number(search.statusClass[0]);
    where.push('intDiv(request_logs.status, 100) = {statusClass:Int16}');
  }
  if (search.cursor) {
    const cursor = decodeCursor(search.cursor);
    parameters.cursorTime = cursor.occurredAt;
    parameters.cursorId = cursor.requestId;
    where.push(
      `(request_logs.occurred_at, request_logs.request_id) < (${TIME('cursorTime')}, {cursorId:String})`,
    );
  }
  return {
    sql: `SELECT ${SELECT_SUMMARY} FROM request_logs FINAL WHERE ${where.join(' AND ')}
      ORDER BY request_logs.occurred_at DESC, request_logs.request_id DESC LIMIT {limit:UInt32}`,
    parameters,
  };
}
