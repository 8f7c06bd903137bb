import type { ReactNode } from 'react';
import { asObject, asText, type JsonObject, objectsIn } from '../../slack/json.ts';
import { BlockElement } from './elements.tsx';
import { FormField } from './form-field.tsx';
import { CannotShow, TextObject } from './text-object.tsx';

/** Slack's Block Kit, as far as the bot uses it. Anything else is named in its place. */
export function Blocks({ blocks }: { readonly blocks: readonly JsonObject[] }): ReactNode {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Block key={`${index} ${asText(block.block_id)}`} block={block} />
      ))}
    </div>
  );
}

function Block({ block }: { readonly block: JsonObject }): ReactNode {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return (
        <h3 className="block-header">
          <TextObject text={asObject(block.text)} />
        </h3>
      );
    case 'divider':
      return <hr />;
    case 'context':
      return <Context block={block} />;
    case 'actions':
      return (
        <div className="actions">
          {objectsIn(block.elements).map((element) => (
            <BlockElement key={asText(element.action_id)} block={block} element={element} />
          ))}
        </div>
      );
    case 'input':
      return <FormField block={block} />;
    default:
      return <CannotShow what={asText(block.type)} />;
  }
}

function Section({ block }: { readonly block: JsonObject }): ReactNode {
  const { text, accessory } = block;
  const fields = objectsIn(block.fields);
  return (
    <div className="section">
      <div className="section-text">
        {text !== undefined && (
          <div className="text">
            <TextObject text={asObject(text)} />
          </div>
        )}
        {fields.length > 0 && (
          <div className="fields">
            {fields.map((field, index) => (
              <div className="text" key={`${index} ${asText(field.text)}`}>
                <TextObject text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory !== undefined && <BlockElement block={block} element={asObject(accessory)} />}
    </div>
  );
}

function Context({ block }: { readonly block: JsonObject }): ReactNode {
  return (
    <div className="context">
      {objectsIn(block.elements).map((element, index) => (
        <span className="text" key={`${index} ${asText(element.text)}`}>
          <TextObject text={element} />
        </span>
      ))}
    </div>
  );
}
