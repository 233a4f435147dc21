/** What a doc comment says, without slashes, stars and the space around each line. Takes one block, or the lines of a comment. */
export function commentText(comments: readonly string[]): string {
  return comments
    .flatMap((comment) => (comment.startsWith('//') ? [comment.replace(/^\/\/[/!]<?/, '')] : blockLines(comment)))
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

function blockLines(comment: string): readonly string[] {
  const inside = comment.replace(/^\/\*[*!]<?/, '').replace(/\*\/$/, '');
  return inside.split('\n').map((line) => line.replace(/^\s*\*(?!\/)/, ''));
}
