/** Where rotation says what an operator may want to know; fields are named one by one, and none is a secret. */
export interface RotationLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}
