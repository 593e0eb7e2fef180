/** What no function can be faster than: it answers, and does nothing else. */
export const handler = async (): Promise<{ statusCode: number }> => ({ statusCode: 200 });
